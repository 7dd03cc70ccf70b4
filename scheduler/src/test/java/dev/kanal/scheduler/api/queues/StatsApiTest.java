package dev.kanal.scheduler.api.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.config.UiConfig;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.ContractFile;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.FailureView.Group;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.engine.query.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Stats, failures and quarantine of two nodes: one owns the even shards, the other the odd ones.
 */
final class StatsApiTest {
  private static final Instant TIME = Instant.parse("2030-01-01T00:00:00Z");

  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();
  private final ContractFile contract = contract();

  @BeforeEach
  void share() {
    one.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(two.port);
    two.shards.owners = shard -> shard % 2 == 1 ? new Owner.Local() : at(one.port);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void whatStandsInAllShardsIsListed() {
    one.shards.counts = counts(0, "mail", 3);
    two.shards.counts = counts(1, "orders", 4);

    JsonNode stats = valid("Stats", one.get("/v1/stats?window=15m"));
    assertEquals(7, stats.get("lag").asInt());
    assertEquals(14, stats.get("inFlight").asInt());
    assertEquals("no-workers", stats.at("/health/findings/0/code").asText());
    assertEquals(7, stats.at("/health/findings/0/count").asInt());
    assertEquals(14, stats.at("/states/RUNNING").asInt());
    assertEquals(9.0, stats.get("oldestAgeSeconds").asDouble());
    assertEquals("15m", stats.get("window").asText());
    assertTrue(stats.get("successRatio").isNull(), "nothing has ended");
    assertTrue(stats.at("/latency/run/p50").isNull());
  }

  @Test
  void itIsNotListedInPart() {
    two.shards.counts = CompletableFuture.failedFuture(new IllegalStateException("away"));
    assertEquals(503, one.get("/v1/stats").statusCode());
    two.shards.owners = _ -> new Owner.Local();
    assertEquals(503, one.get("/v1/failures").statusCode(), "a shard would count twice");
    two.close();
    assertEquals(503, one.get("/v1/stats").statusCode());
    assertEquals(503, one.get("/v1/failures").statusCode());
  }

  @Test
  void aSeriesHasEveryColumnOfTheContract() {
    valid("StatsSeries", one.get("/v1/stats/series?step=10s&last=1h"));
  }

  @Test
  void whatIsAskedIsChecked() {
    for (String path :
        List.of(
            "/v1/stats?window=5m",
            "/v1/stats?colour=red",
            "/v1/stats/series?step=5s",
            "/v1/stats/series?last=16m",
            "/v1/failures?sort=name",
            "/v1/failures?limit=0",
            "/v1/failures?limit=201",
            "/v1/failures?queue=no+queue",
            "/v1/quarantine?limit=101",
            "/v1/quarantine?cursor=-1",
            "/v1/jobs?failure=12",
            "/v1/jobs?failure=0123456789abcdef&state=RUNNING")) {
      HttpResponse<byte[]> refused = one.get(path);
      assertEquals(400, refused.statusCode(), path);
      assertEquals(
          "urn:kanal:problem:malformed-query", ApiNode.json(refused).get("type").asText(), path);
    }
    assertEquals(200, one.get("/v1/jobs?failure=0123456789abcdef&state=DEAD").statusCode());
  }

  @Test
  void failuresAreAddedUpOverBothNodes_mostJobsFirst() {
    one.shards.failures = List.of(group("00000000000000aa", 3, 0), group("00000000000000bb", 4, 9));
    two.shards.failures = List.of(group("00000000000000aa", 2, 5));

    JsonNode all = valid("FailureList", one.get("/v1/failures"));
    assertEquals("00000000000000aa", all.at("/items/0/failure").asText());
    assertEquals(5, all.at("/items/0/count").asInt());
    assertEquals("2030-01-01T00:00:00.000Z", all.at("/items/0/firstSeen").asText());
    assertEquals("2030-01-01T00:00:05.000Z", all.at("/items/0/lastSeen").asText());
    assertEquals(2, all.at("/items/0/jobs").size());
    assertEquals(9, all.get("jobs").asInt());

    JsonNode last = valid("FailureList", two.get("/v1/failures?sort=last&limit=1"));
    assertEquals("00000000000000bb", last.at("/items/0/failure").asText());
    assertEquals(
        "2 1 5",
        last.get("groups").asText()
            + " "
            + last.get("omittedGroups").asText()
            + " "
            + last.get("omittedJobs").asText());
    assertTrue(last.get("complete").asBoolean());
  }

  @Test
  void theQuarantineIsListed_pageByPage() {
    Quarantine.Item item =
        new Quarantine.Item(9, TIME, "bad", new Quarantine.Source(3, 17), 4, "AAEC", false);
    one.shards.quarantine =
        (below, limit) ->
            CompletableFuture.completedFuture(
                below == null && limit == 1
                    ? new Quarantine.Page(List.of(item), 9L)
                    : new Quarantine.Page(List.of(), null));

    JsonNode first = valid("QuarantineList", one.get("/v1/quarantine?limit=1"));
    assertEquals("bad", first.at("/items/0/reason").asText());
    assertEquals("base64", first.at("/items/0/encoding").asText());
    assertEquals(17, first.at("/items/0/source/offset").asInt());
    String cursor = first.get("nextCursor").asText();
    JsonNode next = valid("QuarantineList", one.get("/v1/quarantine?limit=1&cursor=" + cursor));
    assertEquals(0, next.get("items").size());
    one.shards.quarantine =
        (_, _) -> CompletableFuture.failedFuture(new UnavailableException("busy"));
    assertEquals(503, one.get("/v1/quarantine").statusCode());
  }

  @Test
  void aDashboardThatMayOnlyLook_isRefusedItsWrites_andOthersAreNot() {
    String trace = "https://traces.example/{traceId}";
    try (ApiNode node = new ApiNode(new UiConfig(UiConfig.Mode.READ_ONLY, trace))) {
      JsonNode ui = valid("Ui", node.get("/v1/ui"));
      assertEquals("read-only", ui.get("mode").asText());
      assertEquals(trace, ui.get("traceUrl").asText());
      String path = "/v1/jobs/" + JobId.of(1, 1, 1) + "/cancel";
      for (String[] mark :
          new String[][] {
            {"Origin", "http://127.0.0.1:" + node.port},
            {"Sec-Fetch-Site", "same-origin"},
            {"Sec-Fetch-Site", "same-site"}
          }) {
        HttpResponse<byte[]> refused = act(node, path, mark);
        assertEquals(403, refused.statusCode(), mark[1]);
        assertEquals("urn:kanal:problem:read-only", ApiNode.json(refused).get("type").asText());
        assertEquals(200, node.send(node.request("/v1/ui").header(mark[0], mark[1])).statusCode());
      }
      assertEquals(404, act(node, path, "Sec-Fetch-Site", "none").statusCode());
      assertEquals(404, node.act(path).statusCode());
    }
    assertEquals("on", valid("Ui", one.get("/v1/ui")).get("mode").asText());
    String path = "/v1/jobs/" + JobId.of(0, 1, 1) + "/cancel";
    assertEquals(404, act(one, path, "Sec-Fetch-Site", "same-origin").statusCode());
  }

  private static HttpResponse<byte[]> act(ApiNode node, String path, String... mark) {
    return node.send(node.request(path).header(mark[0], mark[1]).POST(BodyPublishers.noBody()));
  }

  private JsonNode valid(String schema, HttpResponse<byte[]> response) {
    JsonNode json = ApiNode.json(response);
    assertEquals(200, response.statusCode(), json::toString);
    assertEquals(List.of(), contract.violations(schema, json), json::toString);
    return json;
  }

  private static ContractFile contract() {
    try {
      return new ContractFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Group group(String name, long count, long lastSecond) {
    return new Group(
        name,
        "mail",
        "http",
        "http-500",
        "Expected #",
        count,
        TIME,
        TIME.plusSeconds(lastSecond),
        List.of(JobId.of((int) count, 1, count)));
  }

  private static CompletableFuture<List<QueueCount>> counts(int shard, String queue, long queued) {
    Map<JobState, Long> states = Map.of(JobState.QUEUED, queued, JobState.RUNNING, 2 * queued);
    long oldest = InMemoryShards.LOG_TIME.minusSeconds(9).toEpochMilli();
    return CompletableFuture.completedFuture(
        List.of(
            new QueueCount(
                shard,
                queue,
                states,
                oldest,
                Map.of(),
                new Flow(queued, queued, 0),
                Map.of(),
                Map.of())));
  }

  private static Owner at(int port) {
    return new Owner.Remote("127.0.0.1", port);
  }
}
