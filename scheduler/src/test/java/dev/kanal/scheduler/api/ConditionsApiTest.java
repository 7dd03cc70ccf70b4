package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.scheduler.api.json.MergePatch;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code If-Match} and {@code If-None-Match} on everything that has an {@code ETag}. */
final class ConditionsApiTest {
  private static final String SCHEDULE = "/v1/schedules/nightly";
  private static final String QUEUE = "/v1/queues/mail";
  private static final String EVERY = "{\"every\":\"5m\",\"job\":{\"type\":\"echo\"}}";

  private final ApiNode node = new ApiNode();

  private String schedule = "";
  private String queue = "";

  @BeforeEach
  void make() {
    schedule = ApiNode.header(node.send(node.putting(SCHEDULE, EVERY)), "ETag");
    queue = ApiNode.header(node.send(node.putting(QUEUE, "{\"weight\":2}")), "ETag");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aChangeIsRefused_whenItIsNotAsTheHeadersAsk() {
    for (HttpRequest.Builder change : refused(SCHEDULE, EVERY, schedule)) {
      assertEquals(412, status(change));
    }
    for (HttpRequest.Builder change : refused(QUEUE, "{\"weight\":7}", queue)) {
      assertEquals(412, status(change));
    }
    assertEquals(schedule, ApiNode.header(node.get(SCHEDULE), "ETag"));
    assertEquals(queue, ApiNode.header(node.get(QUEUE), "ETag"));
  }

  /** Changes of every kind under conditions that do not hold. */
  private List<HttpRequest.Builder> refused(String path, String body, String etag) {
    return List.of(
        node.putting(path, body).header("If-None-Match", etag),
        node.putting(path, body).header("If-None-Match", "W/" + etag),
        node.putting(path, body).header("If-None-Match", "\"x\", " + etag),
        node.putting(path, body).header("If-None-Match", "*"),
        node.putting(path, body).header("If-Match", "W/" + etag),
        node.putting(path, body).header("If-Match", "\"x\""),
        node.putting(path, body).header("If-Match", etag).header("If-None-Match", etag),
        patching(path).header("If-Match", "\"x\""),
        patching(path).header("If-None-Match", etag),
        node.request(path).DELETE().header("If-None-Match", "\"x\"," + etag),
        node.request(path).DELETE().header("If-Match", "\"x\""),
        posting(path + "/pause").header("If-None-Match", "*"),
        posting(path + "/resume").header("If-Match", "\"x\""));
  }

  @Test
  void aChangeIsMade_whenItIsAsTheHeadersAsk() {
    assertEquals(200, status(node.putting(SCHEDULE, EVERY).header("If-None-Match", "\"x\"")));
    assertEquals(
        200, status(node.putting(SCHEDULE, EVERY).header("If-Match", "\"x\"," + schedule)));
    assertEquals(
        200,
        status(
            node.putting(SCHEDULE, EVERY)
                .header("If-Match", schedule)
                .header("If-None-Match", "\"x\"")));
    assertEquals(200, status(patching(QUEUE).header("If-Match", queue)));
    assertEquals(200, status(patching(QUEUE).header("If-Match", "*")));
    assertEquals(200, status(posting(QUEUE + "/pause").header("If-None-Match", queue)));
    assertEquals(200, status(node.putting("/v1/queues/new", "{}").header("If-None-Match", "*")));
    assertEquals(412, status(node.putting("/v1/queues/newer", "{}").header("If-Match", "*")));
    assertEquals(204, status(node.request(QUEUE).DELETE().header("If-Match", "*")));
  }

  @Test
  void whatIsKnownIsNotSent() {
    String job = job();
    for (String path : List.of(SCHEDULE, QUEUE, job)) {
      String etag = ApiNode.header(node.get(path), "ETag");
      for (String known : List.of(etag, "W/" + etag, "\"x\", " + etag, "*")) {
        HttpResponse<byte[]> answer = node.send(node.request(path).header("If-None-Match", known));
        assertEquals(304, answer.statusCode(), path + " " + known);
        assertEquals(etag, ApiNode.header(answer, "ETag"));
        assertEquals(0, answer.body().length);
      }
      for (String other : List.of("\"x\"", "7")) {
        assertEquals(200, status(node.request(path).header("If-None-Match", other)));
      }
      assertEquals(412, status(node.request(path).header("If-Match", "\"x\"")));
      assertEquals(200, status(node.request(path).header("If-Match", etag)));
    }
  }

  @Test
  void commandsOfJobsAreRefused_whenTheJobIsNotAsTheHeadersAsk() {
    String job = job();
    String etag = ApiNode.header(node.get(job), "ETag");

    assertEquals(412, status(posting(job + "/cancel").header("If-Match", "\"x\"")));
    assertEquals(412, status(posting(job + "/cancel").header("If-None-Match", etag)));
    assertEquals(412, status(node.request(job).DELETE().header("If-Match", "\"x\"")));
    assertEquals(200, status(posting(job + "/cancel").header("If-Match", etag)));
    assertEquals(412, status(node.request(job).DELETE().header("If-Match", etag)));
    assertEquals(204, status(node.request(job).DELETE().header("If-Match", "*")));
  }

  @Test
  void headersThatAreNoTagsAreRefused_andWhatIsMissingStaysMissing() {
    HttpResponse<byte[]> bare =
        node.send(node.putting(SCHEDULE, EVERY).header("If-None-Match", "7"));

    assertEquals(400, bare.statusCode());
    assertTrue(ApiNode.json(bare).get("detail").asText().contains("If-None-Match to be *"));
    assertEquals(400, status(node.request(QUEUE).DELETE().header("If-Match", "\"7")));
    assertEquals(
        404, status(node.request("/v1/queues/none").DELETE().header("If-None-Match", "*")));
    assertEquals(404, status(patching("/v1/schedules/none").header("If-None-Match", "*")));
  }

  private String job() {
    byte[] body = "{\"type\":\"echo\",\"delay\":\"1h\"}".getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> made = node.send(node.posting("/v1/jobs", "application/json", body));
    return ApiNode.header(made, "Location");
  }

  private int status(HttpRequest.Builder request) {
    return node.send(request).statusCode();
  }

  private HttpRequest.Builder posting(String path) {
    return node.request(path).POST(BodyPublishers.noBody());
  }

  private HttpRequest.Builder patching(String path) {
    return node.request(path)
        .header("Content-Type", MergePatch.MEDIA_TYPE)
        .method("PATCH", BodyPublishers.ofString("{}"));
  }
}
