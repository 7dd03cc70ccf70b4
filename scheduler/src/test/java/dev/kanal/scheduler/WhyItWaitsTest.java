package dev.kanal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** "Why does it wait?", asked of a scheduler on a real broker, without any worker. */
@EmbeddedCluster
@Timeout(120)
final class WhyItWaitsTest {
  @TempDir Path data;

  @Test
  void shouldScaleAQueueThatIsNotThereYet_fromZero(EmbeddedKafka kafka) throws Exception {
    try (Node node = start(kafka, true)) {
      Node.await("the workers are known", () -> status(node, "/v1/scaling/default") != 503);
      JsonNode fresh = node.get("/v1/scaling/default").json();
      assertEquals(zeros("default"), fresh.toString());
      assertEquals(404, node.get("/v1/scaling/No-Name").status());
    }
    try (Node node = start(kafka, false)) {
      Node.await("the workers are known", () -> status(node, "/v1/scaling/default") != 503);
      assertEquals(404, node.get("/v1/scaling/default").status());
    }
  }

  @Test
  void shouldTellWhyEachJobWaits_andCountThem(EmbeddedKafka kafka) throws Exception {
    try (Node node = start(kafka, true)) {
      node.put("/v1/queues/mail", "{\"concurrency\":1}");
      String holder = submit(node, "{\"type\":\"a\",\"queue\":\"mail\",\"key\":\"k\"}");
      String keyed = submit(node, "{\"type\":\"a\",\"queue\":\"mail\",\"key\":\"k\"}");
      String later = submit(node, "{\"type\":\"a\",\"queue\":\"mail\",\"delay\":\"1h\"}");
      String limited = submit(node, "{\"type\":\"a\",\"queue\":\"mail\"}");
      Node.await("the job is blocked", () -> state(node, limited).equals("BLOCKED"));

      JsonNode byKey = waitsFor(node, keyed);
      assertEquals("key", byKey.get("cause").asText());
      assertEquals(1, byKey.get("place").asInt());
      assertEquals("/v1/jobs/" + holder, byKey.at("/holders/0/href").asText());
      assertEquals("QUEUED", byKey.at("/holders/0/state").asText());
      JsonNode byQueue = waitsFor(node, limited);
      assertEquals("concurrency", byQueue.get("cause").asText());
      assertEquals(holder, byQueue.at("/holders/0/id").asText());
      assertEquals("time", waitsFor(node, later).get("cause").asText());
      JsonNode unworked = waitsFor(node, holder);
      assertEquals("worker", unworked.get("cause").asText());
      assertEquals("No live worker takes its queue", unworked.get("detail").asText());
      assertEquals(0, unworked.at("/workers/ofQueue").asInt());

      JsonNode queue = node.get("/v1/queues/mail").json();
      assertEquals(2, queue.at("/blocked/total").asInt());
      assertEquals("{\"key\":1,\"concurrency\":1}", queue.at("/blocked/byCause").toString());
      assertTrue(queue.get("noWorker").asBoolean());
      JsonNode listed = node.get("/v1/jobs?state=BLOCKED&queue=mail").json().get("items");
      assertEquals(
          List.of("concurrency", "key"),
          listed.valueStream().map(each -> each.at("/waitsFor/cause").asText()).toList());
      assertFalse(listed.at("/0/waitsFor").has("place"));
    }
  }

  @Test
  void shouldSayOnTheOverviewThatNobodyTakesAQueue_andNotScaleForWhatIsBlocked(EmbeddedKafka kafka)
      throws Exception {
    try (Node node = start(kafka, true)) {
      assertTrue(health(node).get("well").asBoolean());
      node.put("/v1/queues/mail", "{\"concurrency\":1}");
      for (int i = 0; i < 300; i++) {
        node.post("/v1/jobs", "{\"type\":\"a\",\"queue\":\"mail\"}");
      }
      Node.await(
          "all are counted",
          () -> json(node, "/v1/queues/mail").at("/blocked/byCause/concurrency").asInt() == 299);

      JsonNode health = health(node);
      assertFalse(health.get("well").asBoolean());
      assertEquals("no-workers", health.at("/findings/0/code").asText());
      assertEquals(1, health.at("/findings/0/count").asInt());
      JsonNode scaling = node.get("/v1/scaling/mail").json();
      assertEquals(1, scaling.get("lag").asInt());
      assertEquals(1, scaling.get("desiredWorkers").asInt());
    }
  }

  /** A tag that stays the same would tell a page that nothing has changed. */
  @Test
  void shouldHaveAnotherTag_whenItWaitsForSomethingElse(EmbeddedKafka kafka) throws Exception {
    try (Node node = start(kafka, true);
        HttpClient client = HttpClient.newHttpClient()) {
      node.put("/v1/queues/mail", "{\"concurrency\":1}");
      submit(node, "{\"type\":\"a\",\"queue\":\"mail\"}");
      String job = submit(node, "{\"type\":\"a\",\"queue\":\"mail\"}");
      Node.await("it is blocked", () -> cause(node, job).equals("concurrency"));
      HttpRequest.Builder request = node.request("/v1/jobs/" + job);
      String tag = ask(client, request).headers().firstValue("ETag").orElseThrow();
      request.setHeader("If-None-Match", tag);
      assertEquals(304, ask(client, request).statusCode());

      node.send(node.request("/v1/queues/mail/pause").POST(HttpRequest.BodyPublishers.noBody()));
      Node.await("it is paused", () -> cause(node, job).equals("paused"));
      assertEquals(200, ask(client, request).statusCode());
    }
  }

  private static HttpResponse<String> ask(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(request.GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  private Node start(EmbeddedKafka kafka, boolean autoCreate) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "w";
    Node node = Node.start(kafka.bootstrapServers(), prefix, data.resolve(prefix), autoCreate);
    Node.await("all shards are here", () -> node.shards() == Node.SHARDS);
    Node.await("the workers are known", () -> status(node, "/v1/workers") == 200);
    return node;
  }

  private static String zeros(String queue) {
    return "{\"queue\":\""
        + queue
        + "\",\"lag\":0,\"oldestAgeSeconds\":0.0,\"inFlight\":0,\"busySlots\":0,"
        + "\"totalSlots\":0,\"desiredWorkers\":0}";
  }

  private static JsonNode health(Node node) throws Exception {
    return node.get("/v1/stats").json().get("health");
  }

  private static String submit(Node node, String json) throws Exception {
    return node.post("/v1/jobs", json).json().get("id").asText();
  }

  private static JsonNode waitsFor(Node node, String job) throws Exception {
    return node.get("/v1/jobs/" + job).json().get("waitsFor");
  }

  private static String state(Node node, String job) {
    return json(node, "/v1/jobs/" + job).path("state").asText();
  }

  private static String cause(Node node, String job) {
    return json(node, "/v1/jobs/" + job).at("/waitsFor/cause").asText();
  }

  private static JsonNode json(Node node, String path) {
    try {
      return node.sendOrThrow(node.request(path).GET()).json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int status(Node node, String path) {
    return node.sendOrThrow(node.request(path).GET()).status();
  }
}
