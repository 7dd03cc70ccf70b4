package dev.kanal.scheduler.api.bulkaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkActionPart;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Scaling;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.ContractFile;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.BulkActionView;
import dev.kanal.scheduler.engine.query.BulkActionView.State;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders over two nodes: one owns the even shards, the other the odd ones. */
final class BulkActionsTest {
  private static final String PATH = "/v1/bulk-actions";
  private static final Instant TIME = InMemoryShards.LOG_TIME;

  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();

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
  void anOrderIsTakenWithEveryCondition() {
    HttpResponse<byte[]> answer =
        post(
            one,
            PATH,
            "{\"action\":\"retry\",\"dryRun\":true,\"filter\":{\"state\":[\"DEAD\",\"SUCCEEDED\"],"
                + "\"queue\":\"mail\",\"type\":\"a\",\"tags\":{\"c\":\"7\"},\"key\":\"k\","
                + "\"schedule\":\"s\",\"createdAfter\":\"2030-01-01T00:00:00Z\"}}");

    assertEquals(202, answer.statusCode());
    String id = ApiNode.json(answer).get("id").asText();
    assertEquals(PATH + "/" + id, ApiNode.header(answer, "Location"));
    JobFilter filter =
        new JobFilter(
            Set.of(JobState.DEAD),
            "mail",
            "a",
            Map.of("c", "7"),
            "k",
            "s",
            null,
            null,
            TIME,
            null,
            Set.of());
    BulkActionOrder order = new BulkActionOrder(BulkAction.RETRY, filter, List.of(), true);
    assertEquals(new StartBulkAction(JobId.parse(id), order), one.shards.ordered.getFirst());
  }

  @Test
  void jobsAreMovedToAQueueThatThereIs_andThatIsNotLimited() {
    String move = "{\"action\":\"move\",\"filter\":{\"queue\":\"mail\"},\"queue\":\"slow\"}";

    HttpResponse<byte[]> answer = post(one, PATH, move);

    assertEquals(202, answer.statusCode());
    assertEquals("slow", ApiNode.json(answer).get("queue").asText());
    Set<JobState> waiting =
        Set.of(JobState.SCHEDULED, JobState.BLOCKED, JobState.QUEUED, JobState.RETRYING);
    JobFilter filter = JobFilter.ALL.withQueue("mail").withStates(waiting);
    BulkActionOrder order = new BulkActionOrder(BulkAction.MOVE, filter, List.of(), false, "slow");
    JobId id = JobId.parse(ApiNode.json(answer).get("id").asText());
    assertEquals(new StartBulkAction(id, order), one.shards.ordered.getFirst());
    refused("/queue", move.replace(",\"queue\":\"slow\"", ""));
    refused("/queue", move.replace("\"slow\"", "\"SLOW\""));
    refused("/queue", move.replace("move", "retry"));
    refused("/filter/state", move.replace("{\"queue\"", "{\"state\":\"RUNNING\",\"queue\""));
    HttpResponse<byte[]> unknown = post(one, PATH, move.replace("slow", "unknown"));
    assertEquals(422, unknown.statusCode());
    QueueSettings limited =
        new QueueSettings(4, 100, 1, null, 1, false, false, QueueDefaults.NONE, Scaling.DEFAULT);
    one.queues.known.take(new QueueRecord("slow", limited, 7));
    assertEquals(409, post(one, PATH, move).statusCode());
    assertEquals(1, one.shards.ordered.size());
  }

  /** One of an earlier version would not take its part, nor anything behind it. */
  @Test
  void nothingIsMoved_unlessEverySchedulerKnowsOfIt() {
    String move = "{\"action\":\"move\",\"filter\":{\"queue\":\"mail\"},\"queue\":\"slow\"}";
    two.close();
    assertEquals(503, post(one, PATH, move).statusCode());
    assertEquals(List.of(), one.shards.ordered);
  }

  private void refused(String pointer, String order) {
    HttpResponse<byte[]> answer = post(one, PATH, order);
    assertEquals(422, answer.statusCode(), order);
    assertEquals(pointer, ApiNode.json(answer).at("/errors/0/pointer").asText());
  }

  @Test
  void actionsAreListed_theNewestFirst_pageByPage() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      JobId id = JobId.of(i, 1_000 + i, 1);
      State state = i % 2 == 0 ? State.RUNNING : State.DONE;
      one.shards.bulks.put(id, parts(id, 0, state));
      two.shards.bulks.put(id, parts(id, 1, state));
      expected.addFirst(id + " " + state.name().toLowerCase(Locale.ROOT));
    }
    for (ApiNode node : List.of(one, two)) {
      List<String> seen = new ArrayList<>();
      String cursor = "";
      for (int page = 0; page < 3; page++) {
        JsonNode body = ApiNode.json(node.get(PATH + "?limit=3" + cursor));
        assertEquals(List.of(), new ContractFile().violations("BulkActionList", body));
        body.get("items")
            .forEach(each -> seen.add(each.get("id").asText() + " " + each.get("state").asText()));
        cursor = "&cursor=" + body.get("nextCursor").asText();
        assertEquals(page == 2, body.get("nextCursor").isNull());
      }
      assertEquals(expected, seen);
    }
  }

  @Test
  void aListIsOfAtMost100_andSaysWhatItCannotRead() {
    for (int i = 0; i < 120; i++) {
      JobId id = JobId.of(i % 16, 1_000 + i, 1);
      one.shards.bulks.put(id, parts(id, 0, State.DONE));
      two.shards.bulks.put(id, parts(id, 1, State.DONE));
    }
    assertEquals(20, ApiNode.json(one.get(PATH)).get("items").size());
    assertEquals(100, ApiNode.json(one.get(PATH + "?limit=100")).get("items").size());
    for (String query : List.of("?limit=101", "?limit=0", "?cursor=7", "?state=DEAD")) {
      assertEquals(400, one.get(PATH + query).statusCode(), query);
    }
    two.close();
    assertEquals(503, one.get(PATH).statusCode());
  }

  @Test
  void listedJobsAreTakenOnceEach_upTo10000() {
    List<String> ids =
        IntStream.range(0, BulkActionOrder.JOBS_MAX)
            .mapToObj(i -> "\"" + JobId.of(i % 16, 1, i) + "\"")
            .collect(Collectors.toList());
    ids.add(ids.getFirst());

    HttpResponse<byte[]> most = post(one, PATH, listed(ids));
    ids.add("\"" + JobId.of(1, 2, 3) + "\"");
    HttpResponse<byte[]> more = post(one, PATH, listed(ids));

    assertEquals(202, most.statusCode());
    assertEquals(422, more.statusCode());
    assertEquals("/ids", ApiNode.json(more).at("/errors/0/pointer").asText());
    assertTrue(
        one.shards.ordered.getFirst() instanceof StartBulkAction start
            && start.order().jobs().size() == BulkActionOrder.JOBS_MAX);
  }

  @Test
  void countsAreSummedOverAllShards() {
    JobId id = JobId.of(2, 1, 1);
    one.shards.bulks.put(id, parts(id, 0, State.DONE));
    two.shards.bulks.put(id, parts(id, 1, State.RUNNING));
    for (ApiNode node : List.of(one, two)) {
      JsonNode running = ApiNode.json(node.get(PATH + "/" + id));
      assertEquals("running", running.get("state").asText());
      assertFalse(running.has("finishedAt"));
      assertEquals(16 * 7, running.get("matched").asInt());
      assertEquals(16 * 4, running.get("done").asInt());
      assertEquals(16 * 2, running.get("skipped").asInt());
      assertEquals(16, running.get("failed").asInt());
    }

    two.shards.bulks.put(id, parts(id, 1, State.DONE));

    JsonNode done = ApiNode.json(one.get(PATH + "/" + id));
    assertEquals("done", done.get("state").asText());
    assertEquals("2030-01-01T00:00:15.000Z", done.get("finishedAt").asText());
  }

  @Test
  void anActionRuns_untilEveryShardHasHeardOfIt() {
    JobId id = JobId.of(2, 1, 1);
    one.shards.bulks.put(id, parts(id, 0, State.DONE));

    assertEquals("running", ApiNode.json(two.get(PATH + "/" + id)).get("state").asText());
  }

  @Test
  void oneThatRunsIsStopped_onAnyNode_andOneThatHasEndedIsLeft() {
    JobId id = JobId.of(2, 1, 1);
    one.shards.bulks.put(id, parts(id, 0, State.RUNNING));
    two.shards.bulks.put(id, parts(id, 1, State.RUNNING));

    HttpResponse<byte[]> stopping = bare(two, PATH + "/" + id + "/stop");
    one.shards.bulks.put(id, parts(id, 0, State.STOPPED));
    two.shards.bulks.put(id, parts(id, 1, State.DONE));
    HttpResponse<byte[]> stopped = bare(two, PATH + "/" + id + "/stop");

    assertEquals(202, stopping.statusCode());
    assertEquals(200, stopped.statusCode());
    assertEquals("stopped", ApiNode.json(stopped).get("state").asText());
    assertEquals(1, Collections.frequency(two.shards.ordered, new StopBulkAction(id)));
    assertEquals(
        InMemoryShards.SHARDS - 1,
        Collections.frequency(two.shards.ordered, new StopBulkActionPart(id)));
    assertEquals(InMemoryShards.SHARDS, two.shards.ordered.size());
  }

  @Test
  void whatThereIsNotIsNotFound_andWhatCannotBeAskedIsAway() {
    JobId id = JobId.of(3, 1, 1);
    assertEquals(404, one.get(PATH + "/" + id).statusCode());
    assertEquals(404, one.get(PATH + "/seven").statusCode());
    assertEquals(404, bare(one, PATH + "/" + id + "/stop").statusCode());
    two.close();
    assertEquals(503, one.get(PATH + "/" + id).statusCode());
  }

  private static List<BulkActionView.Part> parts(JobId id, int odd, State state) {
    BulkActionOrder order = BulkActionOrder.purge("mail");
    return IntStream.range(0, InMemoryShards.SHARDS)
        .filter(shard -> shard % 2 == odd)
        .mapToObj(
            shard ->
                new BulkActionView.Part(
                    shard,
                    order,
                    id.createdAt(),
                    state,
                    7,
                    4,
                    2,
                    1,
                    state == State.RUNNING ? null : TIME.plusSeconds(shard)))
        .toList();
  }

  private static String listed(List<String> ids) {
    return "{\"action\":\"delete\",\"ids\":[" + String.join(",", ids) + "]}";
  }

  private static HttpResponse<byte[]> post(ApiNode node, String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return node.send(node.posting(path, "application/json", body));
  }

  private static HttpResponse<byte[]> bare(ApiNode node, String path) {
    return node.send(node.request(path).POST(BodyPublishers.noBody()));
  }

  private static Owner at(int port) {
    return new Owner.Remote("127.0.0.1", port);
  }
}
