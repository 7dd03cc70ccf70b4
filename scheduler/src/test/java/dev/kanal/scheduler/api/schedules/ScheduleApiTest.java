package dev.kanal.scheduler.api.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScheduleApiTest {
  private static final String NIGHTLY = "/v1/schedules/nightly";
  private static final String EVERY = "{\"every\":\"5m\",\"job\":{\"type\":\"echo\"}}";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aScheduleIsMadeChangedAndDeleted() {
    HttpResponse<byte[]> made = put(EVERY);
    HttpResponse<byte[]> same = put(EVERY);
    HttpResponse<byte[]> changed = put(EVERY.replace("5m", "6m"));

    assertEquals(201, made.statusCode());
    assertEquals(NIGHTLY, ApiNode.header(made, "Location"));
    assertEquals(200, same.statusCode());
    assertEquals(ApiNode.header(made, "ETag"), ApiNode.header(same, "ETag"));
    assertEquals(200, changed.statusCode());
    assertNotEquals(ApiNode.header(made, "ETag"), ApiNode.header(changed, "ETag"));
    JsonNode read = ApiNode.json(node.get(NIGHTLY));
    assertEquals("PT6M", read.get("every").asText());
    assertEquals(10, read.get("nextTicks").size());
    assertEquals("2030-01-01T00:06:00.000Z", read.get("nextTicks").get(0).asText());
    assertEquals(204, node.send(node.request(NIGHTLY).DELETE()).statusCode());
    assertEquals(404, node.get(NIGHTLY).statusCode());
    assertEquals(404, node.send(node.request(NIGHTLY).DELETE()).statusCode());
  }

  @Test
  void everyFieldIsKept_andDefaultsAreShown() {
    put(
        """
        {"cron":"0 6 * * MON-FRI","zone":"Europe/Paris","paused":false,
         "job":{"type":"report","payload":{"a": 1},"queue":"reports","priority":"low","key":"k",
                "retry":{"maxAttempts":2},"tags":{"t":"v"}},
         "misfire":{"policy":"fireAll","limit":3},"startingDeadline":"2h",
         "concurrencyPolicy":"replace"}\
        """);

    JsonNode read = ApiNode.json(node.get(NIGHTLY));

    assertEquals("0 6 * * MON-FRI", read.get("cron").asText());
    assertEquals("Europe/Paris", read.get("zone").asText());
    assertEquals("{\"policy\":\"fireAll\",\"limit\":3}", read.get("misfire").toString());
    assertEquals("PT2H", read.get("startingDeadline").asText());
    assertEquals("replace", read.get("concurrencyPolicy").asText());
    assertEquals("2030-01-01T05:00:00.000Z", read.get("nextTicks").get(0).asText());
    JsonNode job = read.get("job");
    assertEquals("{\"a\":1}", job.get("payload").toString());
    assertEquals("reports low k 1", texts(job, "queue", "priority", "key", "keyLimit"));
    assertEquals(2, job.at("/retry/maxAttempts").asInt());
    assertEquals("PT10M", job.get("timeout").asText());
    put(EVERY);
    JsonNode plain = ApiNode.json(node.get(NIGHTLY));
    assertEquals("{\"policy\":\"fireOnce\",\"limit\":100}", plain.get("misfire").toString());
    assertEquals("allow", plain.get("concurrencyPolicy").asText());
    assertFalse(plain.has("startingDeadline"));
  }

  @Test
  void conditionsAreRespected() {
    String first = ApiNode.header(put(EVERY), "ETag");
    String second = ApiNode.header(put(EVERY.replace("5m", "6m")), "ETag");

    assertEquals(412, send(putting("7m").header("If-Match", first)));
    assertEquals(412, send(putting("7m").header("If-Match", "W/" + second)));
    assertEquals(412, send(putting("7m").header("If-None-Match", "*")));
    assertEquals(412, send(node.request(NIGHTLY).DELETE().header("If-Match", first)));
    assertEquals(412, send(bare("/pause").header("If-Match", first)));
    assertEquals("PT6M", ApiNode.json(node.get(NIGHTLY)).get("every").asText());
    assertEquals(200, send(putting("7m").header("If-Match", first + ", " + second)));
    assertEquals(200, send(putting("8m").header("If-Match", "*")));
    assertEquals(204, send(node.request(NIGHTLY).DELETE().header("If-Match", "*")));
    assertEquals(412, send(putting("7m").header("If-Match", "*")));
    assertEquals(201, send(putting("7m").header("If-None-Match", "*")));
  }

  @Test
  void aPausedScheduleHasNoNextTicks() {
    put(EVERY);

    JsonNode paused = ApiNode.json(node.act(NIGHTLY + "/pause"));
    JsonNode resumed = ApiNode.json(node.act(NIGHTLY + "/resume"));

    assertTrue(paused.get("paused").asBoolean());
    assertEquals(0, paused.get("nextTicks").size());
    assertFalse(resumed.get("paused").asBoolean());
    assertEquals(10, resumed.get("nextTicks").size());
  }

  @Test
  void aTriggeredJobIsThereOnceItIsAnswered() {
    put(EVERY.replace("\"job\"", "\"concurrencyPolicy\":\"forbid\",\"job\""));

    HttpResponse<byte[]> fired = node.act(NIGHTLY + "/trigger");
    HttpResponse<byte[]> again = node.act(NIGHTLY + "/trigger");

    assertEquals(202, fired.statusCode());
    JsonNode job = ApiNode.json(node.get(ApiNode.header(fired, "Location")));
    assertEquals("nightly", job.at("/schedule/name").asText());
    assertEquals(ApiNode.json(fired).get("tick"), job.at("/schedule/tick"));
    assertEquals(409, again.statusCode());
    JsonNode runs = ApiNode.json(node.get(NIGHTLY + "/runs"));
    assertEquals(1, runs.get("items").size());
    assertEquals(job.get("id"), runs.at("/items/0/job"));
  }

  @Test
  void whatIsMissingIsSaid() {
    for (String call : List.of("/pause", "/resume", "/trigger")) {
      assertEquals(404, node.act(NIGHTLY + call).statusCode(), call);
    }
    assertEquals(404, node.get(NIGHTLY + "/runs").statusCode());
    assertEquals(404, send(node.putting("/v1/schedules/-x", EVERY)));
    assertEquals(404, send(node.putting("/v1/schedules/" + "x".repeat(129), EVERY)));
    assertEquals(201, send(node.putting("/v1/schedules/" + "x".repeat(128), EVERY)));
    String unknown = EVERY.replace("\"type\"", "\"queue\":\"unknown\",\"type\"");
    assertEquals(422, send(node.putting(NIGHTLY, unknown)));
    node.shards.schedules.answer = new ScheduleReader.Answer.Unavailable("planted");
    assertEquals(503, node.get(NIGHTLY).statusCode());
    assertEquals(503, send(node.putting(NIGHTLY, EVERY)));
  }

  static List<String> refusals() {
    return List.of(
        "{} | /cron /job",
        "{\"cron\":\"61 * * * *\",\"job\":{\"type\":\"a\"}} | /cron",
        "{\"cron\":\"0 0 30 2 *\",\"job\":{\"type\":\"a\"}} | /cron",
        "{\"cron\":\"@daily\",\"every\":\"5m\",\"job\":{\"type\":\"a\"}} | /every",
        "{\"every\":\"5m\",\"zone\":\"UTC\",\"job\":{\"type\":\"a\"}} | /zone",
        "{\"cron\":\"@daily\",\"zone\":\"Mars/Base\",\"job\":{\"type\":\"a\"}} | /zone",
        "{\"every\":\"999ms\",\"job\":{\"type\":\"a\"}} | /every",
        "{\"every\":\"367d\",\"job\":{\"type\":\"a\"}} | /every",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a b\",\"x\":1}} | /job/type /job/x",
        "{\"every\":\"5m\",\"job\":{}} | /job/type",
        "{\"every\":\"5m\",\"job\":7} | /job",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\",\"delay\":\"5s\"}} | /job",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\",\"deadline\":\"2099-01-01T00:00:00Z\"}} | /job",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\",\"idempotencyKey\":\"k\"}} |"
            + " /job/idempotencyKey",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\"},\"misfire\":{\"limit\":0}} | /misfire/limit",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\"},\"misfire\":{\"policy\":\"x\"}} |"
            + " /misfire/policy",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\"},\"startingDeadline\":\"0s\"} |"
            + " /startingDeadline",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\"},\"concurrencyPolicy\":\"x\"} |"
            + " /concurrencyPolicy",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\"},\"paused\":1} | /paused",
        "{\"every\":\"5m\",\"job\":{\"type\":\"a\"},\"name\":\"x\"} | /name");
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatIsWrongIsPointedAt(String row) {
    String[] cells = row.split(" \\| ");

    HttpResponse<byte[]> answer = put(cells[0]);

    assertEquals(422, answer.statusCode());
    List<String> pointers = new ArrayList<>();
    for (JsonNode error : ApiNode.json(answer).get("errors")) {
      pointers.add(error.get("pointer").asText());
    }
    assertEquals(List.of(cells[1].split(" ")), pointers, () -> ApiNode.json(answer).toString());
    assertEquals(404, node.get(NIGHTLY).statusCode());
  }

  @Test
  void schedulesAreListedByNameOverBothNodes_aPageAtATime() {
    try (ApiNode other = new ApiNode()) {
      node.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(other);
      other.shards.owners = shard -> shard % 2 == 1 ? new Owner.Local() : at(node);
      for (int i = 10; i < 17; i++) {
        assertEquals(201, send(node.putting("/v1/schedules/s" + i, EVERY)));
      }
      assertTrue(!node.shards.schedules.all.isEmpty() && !other.shards.schedules.all.isEmpty());

      List<String> names = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = ApiNode.json(other.get("/v1/schedules?limit=3" + cursor));
        page.get("items").forEach(item -> names.add(item.get("name").asText()));
        page.get("items").forEach(item -> assertFalse(item.get("job").has("payload")));
        cursor =
            page.get("nextCursor").isNull() ? "" : "&cursor=" + page.get("nextCursor").asText();
      } while (!cursor.isEmpty());

      assertEquals(List.of("s10", "s11", "s12", "s13", "s14", "s15", "s16"), names);
      assertEquals(400, other.get("/v1/schedules?limit=201").statusCode());
      assertEquals(400, other.get("/v1/schedules?cursor=!").statusCode());
    }
  }

  private HttpResponse<byte[]> put(String json) {
    return node.send(node.putting(NIGHTLY, json));
  }

  private HttpRequest.Builder putting(String every) {
    return node.putting(NIGHTLY, EVERY.replace("5m", every));
  }

  private HttpRequest.Builder bare(String call) {
    return node.request(NIGHTLY + call).POST(HttpRequest.BodyPublishers.noBody());
  }

  private int send(HttpRequest.Builder request) {
    return node.send(request).statusCode();
  }

  private static Owner at(ApiNode other) {
    return new Owner.Remote("127.0.0.1", other.port);
  }

  private static String texts(JsonNode node, String... names) {
    List<String> texts = new ArrayList<>();
    for (String name : names) {
      texts.add(node.get(name).asText());
    }
    return String.join(" ", texts);
  }
}
