package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers on a real broker, no worker; the clock of the second is an hour behind. */
@EmbeddedCluster
@Timeout(180)
final class TwoSchedulersApiTest {
  private static final String ECHO = "{\"type\":\"echo\"}";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Scheduler> nodes = new ArrayList<>();

  TwoSchedulersApiTest(EmbeddedKafka kafka, @TempDir Path data) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "x";
    nodes.add(start(kafka, prefix, data.resolve("one"), Clocks.system()));
    Clocks behind =
        new Clocks(
            () -> Clocks.system().wall().instant().minus(Duration.ofHours(1)),
            Clocks.system().ticker());
    nodes.add(start(kafka, prefix, data.resolve("two"), behind));
    Await.until(
        "both schedulers own shards",
        () -> nodes.stream().allMatch(node -> node.health().detail().startsWith("2 of 4")));
  }

  private static Scheduler start(EmbeddedKafka kafka, String prefix, Path data, Clocks clocks)
      throws Exception {
    Map<String, String> arguments =
        Map.of(
            "kafka.bootstrap", kafka.bootstrapServers(),
            "topics.prefix", prefix,
            "http.port", "0",
            "engine.shards", "4",
            "engine.standbys", "0");
    Settings settings =
        Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), arguments));
    return Scheduler.start(
        SchedulerConfig.from(settings, KafkaConfig.from(settings), data), clocks);
  }

  @AfterEach
  void stop() {
    nodes.forEach(Scheduler::close);
    client.close();
  }

  @Test
  void ofManySubmitsAtOnce_oneMakesTheJob() throws Exception {
    Set<String> ids = new HashSet<>();
    int accepted = 0;
    int replayed = 0;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        int node = i % 2;
        answers.add(
            callers.submit(
                () ->
                    send(
                        request(node, "/v1/jobs")
                            .header("Idempotency-Key", "\"all-the-same\"")
                            .POST(BodyPublishers.ofString(ECHO)))));
      }
      for (Future<HttpResponse<String>> each : answers) {
        HttpResponse<String> answer = each.get();
        ids.add(ApiNode.parse(answer.body()).path("id").asText(answer.body()));
        accepted += answer.statusCode() == 202 ? 1 : 0;
        replayed += ApiNode.header(answer, "Idempotency-Replayed").equals("true") ? 1 : 0;
      }
    }

    assertEquals(1, ids.size(), ids.toString());
    assertEquals(1, accepted);
    assertEquals(499, replayed);
    assertEquals(1, jobs());
  }

  /**
   * Hazard 8. An idempotency key together with a job key is decided in the one shard of both, at
   * whichever node it is said.
   */
  @Test
  void anIdempotencyKeyWithAnotherJobKeyIsDecidedWhereThatLives() throws Exception {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      String body = "{\"type\":\"echo\",\"idempotencyKey\":\"k\",\"key\":\"" + i + "\"}";
      String first = id(202, submit(i % 2, body));
      assertEquals(first, id(200, submit(1 - i % 2, body)));
      HttpResponse<String> other = submit(i % 2, body.replace("echo", "sum"));
      assertEquals(422, other.statusCode(), other.body());
      assertTrue(other.body().contains("idempotency-mismatch"), other.body());
      ids.add(first);
    }

    assertEquals(10, ids.size());
    assertEquals(10, jobs());
  }

  /** Hazard 12. What a node says of its own commands and reads does not hang on any clock. */
  @Test
  void aCommandIsSeenAtOnce_howeverTheClocksDiffer() throws Exception {
    for (int i = 0; i < 24; i++) {
      int here = i % 2;
      int there = 1 - here;
      String job = "/v1/jobs/" + id(202, submit(here, "{\"type\":\"echo\",\"delay\":\"5d\"}"));

      assertEquals("SCHEDULED", state(send(request(there, job))));
      assertEquals("QUEUED", state(post(there, job + "/run-now")));
      assertEquals("CANCELLED", state(post(here, job + "/cancel")));
      assertEquals("CANCELLED", state(post(there, job + "/cancel")));
      assertEquals(409, post(there, job + "/run-now").statusCode());
      assertEquals("QUEUED", state(post(there, job + "/retry")));
      assertEquals(409, delete(there, job).statusCode());
      assertEquals("CANCELLED", state(post(there, job + "/cancel")));
      assertEquals(204, delete(here, job).statusCode());
      assertEquals(404, delete(there, job).statusCode());
      assertEquals(404, send(request(there, job)).statusCode());
    }
    String future = "/v1/jobs/7fffffff-ffff-7001-8000-000000000001";
    assertEquals(404, post(0, future + "/cancel").statusCode());
    assertEquals(404, post(1, future + "/cancel").statusCode());
  }

  @Test
  void anIdempotencyKeyOutlivesARestart() throws Exception {
    String body = "{\"type\":\"echo\",\"idempotencyKey\":\"restart\"}";
    String first = id(202, submit(0, body));

    nodes.removeFirst().close();
    Await.until(
        "the other scheduler owns all shards",
        () -> nodes.getFirst().health().detail().startsWith("4 of 4"));

    assertEquals(first, id(200, submit(0, body)));
  }

  private int jobs() {
    JsonNode queue = ApiNode.parse(send(request(0, "/v1/queues")).body()).at("/items/0");
    return queue.get("lag").asInt() + queue.get("waiting").asInt() + queue.get("inFlight").asInt();
  }

  private HttpResponse<String> submit(int node, String body) {
    return send(request(node, "/v1/jobs").POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> post(int node, String path) {
    return send(request(node, path).POST(BodyPublishers.noBody()));
  }

  private HttpResponse<String> delete(int node, String path) {
    return send(request(node, path).DELETE());
  }

  private static String id(int status, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    return ApiNode.parse(answer.body()).get("id").asText();
  }

  private static String state(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return ApiNode.parse(answer.body()).get("state").asText();
  }

  private HttpRequest.Builder request(int node, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + nodes.get(node).port() + path))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
