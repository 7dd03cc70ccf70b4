package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.scheduler.api.json.MergePatch;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PATCH} of queues and schedules, and what {@code PUT} does with a pause. */
final class PatchApiTest {
  private static final String QUEUE = "/v1/queues/mail";
  private static final String SCHEDULE = "/v1/schedules/nightly";
  private static final String SETTINGS =
      "{\"concurrency\":5,\"capacity\":1000,\"weight\":3,\"strict\":true,"
          + "\"rate\":{\"permits\":100,\"per\":\"1m\"},\"scaling\":{\"minWorkers\":1},"
          + "\"defaults\":{\"retry\":{\"maxAttempts\":7},\"timeout\":\"20s\"}}";
  private static final String CRON =
      "{\"cron\":\"0 6 * * MON-FRI\",\"zone\":\"Europe/Paris\",\"misfire\":{\"policy\":\"fireAll\","
          + "\"limit\":3},\"startingDeadline\":\"2h\",\"concurrencyPolicy\":\"forbid\",\"job\":{\"type\":\"report\",\"payload\":{\"account\":"
          + " 3889108265204450030,\"price\":1.10},"
          + "\"priority\":\"low\",\"key\":\"k\",\"retry\":{\"maxAttempts\":2},\"tags\":{\"t\":\"v\"}}}";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aQueueKeepsWhatThePatchDoesNotName() {
    JsonNode before = ApiNode.json(node.put(QUEUE, SETTINGS));
    node.act(QUEUE + "/pause");

    HttpResponse<byte[]> answer = patch(QUEUE, "{\"scaling\":{\"maxWorkers\":20}}");

    assertEquals(200, answer.statusCode());
    JsonNode after = ApiNode.json(answer);
    assertTrue(after.get("paused").asBoolean());
    assertEquals(
        "{\"minWorkers\":1,\"maxWorkers\":20,\"targetSeconds\":30}",
        after.get("scaling").toString());
    for (String name : "partitions capacity concurrency rate weight strict defaults".split(" ")) {
      assertEquals(before.get(name), after.get(name), name);
    }
    assertNotEquals(before.get("revision"), after.get("revision"));
    assertEquals(ApiNode.header(answer, "ETag"), ApiNode.header(node.get(QUEUE), "ETag"));
  }

  @Test
  void nullTakesASettingBackToItsDefault() {
    node.put(QUEUE, SETTINGS);

    JsonNode after =
        ApiNode.json(
            patch(
                QUEUE,
                "{\"rate\":null,\"concurrency\":null,\"weight\":null,\"capacity\":null,"
                    + "\"strict\":null,\"partitions\":null,\"scaling\":null,\"paused\":null,"
                    + "\"defaults\":{\"retry\":{\"maxAttempts\":null},\"timeout\":null}}"));

    assertFalse(after.has("rate") || after.has("concurrency"), after::toString);
    assertEquals(1, after.get("weight").asInt());
    assertEquals(10_000_000, after.get("capacity").asInt());
    assertFalse(after.get("strict").asBoolean());
    assertEquals(0, after.at("/scaling/minWorkers").asInt());
    assertEquals(4, after.get("partitions").asInt());
    assertFalse(after.get("defaults").has("timeout"));
    assertNotEquals(7, after.at("/defaults/retry/maxAttempts").asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"weight\":0} | /weight",
        "{\"colour\":1} | /colour",
        "{\"name\":\"x\"} | /name",
        "{\"rate\":{\"per\":null}} | /rate",
        "{\"partitions\":3} | /partitions",
        "{\"paused\":true} | /paused",
        "[] | ",
      })
  void theResultIsCheckedAsAPutIs(String patch, String pointer) {
    node.put(QUEUE, SETTINGS);

    HttpResponse<byte[]> answer = patch(QUEUE, patch);

    assertEquals(422, answer.statusCode());
    assertEquals(
        pointer == null ? "" : pointer, ApiNode.json(answer).at("/errors/0/pointer").asText());
    assertEquals(400, patch(QUEUE, "{\"weight\":").statusCode());
    assertEquals(404, patch("/v1/queues/none", "{}").statusCode());
    assertEquals(404, patch("/v1/queues/NONE", "{}").statusCode());
  }

  @Test
  void aScheduleKeepsWhatThePatchDoesNotName_byteForByte() {
    node.put(SCHEDULE, CRON);
    String before = text(node.get(SCHEDULE));

    HttpResponse<byte[]> answer = patch(SCHEDULE, "{\"cron\":\"0 7 * * MON-FRI\"}");

    assertEquals(200, answer.statusCode());
    assertTrue(before.contains("{\"account\": 3889108265204450030,\"price\":1.10}"), before);
    assertEquals(
        settings(before).replace("0 6 * * MON-FRI", "0 7 * * MON-FRI"), settings(text(answer)));
  }

  @Test
  void aScheduleMayGetAnotherCadence_andAnotherPayload() {
    node.put(SCHEDULE, CRON.replace("Europe/Paris", "UTC"));

    JsonNode every = ApiNode.json(patch(SCHEDULE, "{\"cron\":null,\"every\":\"5m\"}"));
    String payload = text(patch(SCHEDULE, "{\"job\":{\"payload\":{\"price\":2.50}}}"));
    JsonNode plain = ApiNode.json(patch(SCHEDULE, "{\"misfire\":null,\"startingDeadline\":null}"));

    assertEquals("PT5M", every.get("every").asText());
    assertFalse(every.has("cron") || every.has("zone"), every::toString);
    assertTrue(payload.contains("{\"account\":3889108265204450030,\"price\":2.50}"), payload);
    assertEquals("{\"policy\":\"fireOnce\",\"limit\":100}", plain.get("misfire").toString());
    assertFalse(plain.has("startingDeadline"));
    assertEquals("/every", pointer(patch(SCHEDULE, "{\"cron\":\"@daily\"}")));
    assertEquals("/job/type", pointer(patch(SCHEDULE, "{\"job\":{\"type\":null}}")));
    assertEquals(404, patch("/v1/schedules/none", "{}").statusCode());
    assertEquals(422, patch(SCHEDULE, "{\"job\":{\"queue\":\"unknown\"}}").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {QUEUE, SCHEDULE})
  void onlyPauseAndResumePause(String path) {
    String body = path.equals(QUEUE) ? SETTINGS : CRON;
    node.put(path, body);
    node.act(path + "/pause");

    HttpResponse<byte[]> silent = node.put(path, body);
    HttpResponse<byte[]> same = node.put(path, with(body, true));
    HttpResponse<byte[]> contrary = node.put(path, with(body, false));

    assertTrue(ApiNode.json(silent).get("paused").asBoolean());
    assertEquals(200, same.statusCode());
    assertEquals(422, contrary.statusCode());
    assertEquals("/paused", pointer(contrary));
    String detail = ApiNode.json(contrary).get("detail").asText();
    assertTrue(detail.contains("POST " + path + "/pause"), detail);
    assertTrue(detail.contains("POST " + path + "/resume"), detail);
    node.act(path + "/resume");
    assertEquals(422, node.put(path, with(body, true)).statusCode());
    assertEquals(422, patch(path, "{\"paused\":true}").statusCode());
    assertEquals(200, patch(path, "{\"paused\":false}").statusCode());
    assertFalse(ApiNode.json(node.get(path)).get("paused").asBoolean());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/queues/new", "/v1/schedules/new"})
  void whatIsNewMayBeginPaused(String path) {
    HttpResponse<byte[]> made = node.put(path, with(path.contains("queues") ? "{}" : CRON, true));

    assertTrue(ApiNode.json(made).get("paused").asBoolean());
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/json-patch+json", "text/plain"})
  void anotherMediaTypeIsRefused_andTheRightOneNamed(String mediaType) {
    for (String path : new String[] {QUEUE, SCHEDULE}) {
      HttpResponse<byte[]> answer =
          node.send(
              node.request(path)
                  .header("Content-Type", mediaType)
                  .method("PATCH", BodyPublishers.ofString("{}")));

      assertEquals(415, answer.statusCode());
      assertEquals(MergePatch.MEDIA_TYPE, ApiNode.header(answer, "Accept-Patch"));
    }
  }

  private HttpResponse<byte[]> patch(String path, String json) {
    return node.send(
        node.request(path)
            .header("Content-Type", MergePatch.MEDIA_TYPE)
            .method("PATCH", BodyPublishers.ofString(json)));
  }

  private static String with(String body, boolean paused) {
    return "{\"paused\":" + paused + (body.equals("{}") ? "" : ",") + body.substring(1);
  }

  private static String pointer(HttpResponse<byte[]> answer) {
    return ApiNode.json(answer).at("/errors/0/pointer").asText();
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** The part of an answer that says what is set. */
  private static String settings(String answer) {
    return answer.substring(0, answer.indexOf(",\"createdAt\""));
  }
}
