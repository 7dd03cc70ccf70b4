package dev.kanal.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Priority;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.worker.Child;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.Worker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What handlers do with their context: through Kafka, a scheduler and REST, and back. */
@EmbeddedCluster
@Timeout(120)
final class ContextAtWorkTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger childRuns = new AtomicInteger();
  private final BlockingQueue<JobId> children = new LinkedBlockingQueue<>();
  private final CountDownLatch stubbornEnd = new CountDownLatch(1);
  private final Scheduler scheduler;
  private final Worker worker;

  ContextAtWorkTest(TestKafka kafka, @TempDir Path data) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "context";
    Map<String, String> arguments =
        Map.of(
            "kafka.bootstrap",
            kafka.bootstrapServers(),
            "topics.prefix",
            prefix,
            "http.port",
            "0",
            "engine.shards",
            "4",
            "queues.auto-create",
            "false");
    Settings settings =
        Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), arguments));
    SchedulerConfig config = SchedulerConfig.from(settings, KafkaConfig.from(settings), data);
    scheduler = Scheduler.start(config, Clocks.system());
    worker =
        Worker.builder()
            .bootstrap(kafka.bootstrapServers())
            .prefix(prefix)
            .grace(Duration.ofSeconds(1))
            .handle("family", JsonNode.class, this::family)
            .handle("child", JsonNode.class, this::child)
            .handle("stubborn", JsonNode.class, this::stubborn)
            .build();
  }

  /** Submits its children in each of two attempts, of which the first fails. */
  private Object family(Context context, JsonNode payload) throws JobFailed {
    context.log("attempt " + context.attempt() + " for " + context.value("tenant").orElse("?"));
    JobId first = context.submit("first", Child.of("child", Map.of("n", 1)).value("who", "a b"));
    JobId other =
        context.submit("other", Child.of("child", Map.of("n", 2)).priority(Priority.HIGH).key("k"));
    JobId unknown = context.submit("unknown", Child.of("child", null).queue("nowhere"));
    if (context.attempt() == 1) {
      throw new JobFailed("once-more", "the first attempt fails", true);
    }
    return List.of(first.toString(), other.toString(), unknown.toString());
  }

  private Object child(Context context, JsonNode payload) throws InterruptedException {
    childRuns.incrementAndGet();
    children.add(context.jobId());
    if (payload.path("sleeps").asBoolean()) {
      new CountDownLatch(1).await();
    }
    return Context.current().values();
  }

  /** Has a child that sleeps, and ignores its interrupt. */
  private Object stubborn(Context context, JsonNode payload) {
    context.submit("sleeper", Child.of("child", Map.of("sleeps", true)));
    context.submit("survivor", Child.of("child", Map.of("sleeps", true)).detached());
    while (stubbornEnd.getCount() > 0) {
      try {
        stubbornEnd.await();
      } catch (InterruptedException e) {
        context.log("does not stop");
      }
    }
    return "never recorded";
  }

  @BeforeEach
  void start() throws Exception {
    while (request("GET", "/readyz", "", Map.of()).statusCode() != 200) {
      pause();
    }
    send("PUT", "/v1/queues/default", "{\"partitions\":2}", Map.of());
    worker.start();
  }

  @AfterEach
  void stop() {
    stubbornEnd.countDown();
    worker.close();
    scheduler.close();
    http.close();
  }

  @Test
  void shouldSubmitChildrenOnce_keepTheLog_andCarryValues() throws Exception {
    JsonNode parent =
        submit(
            "{\"type\":\"family\",\"retry\":{\"backoff\":{\"initial\":\"PT0.1S\"}}}", "tenant=7");
    String id = parent.path("id").asText();
    JsonNode ended = awaitFinal(id);
    assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toString());
    JsonNode first = awaitFinal(ended.at("/result/0").asText());
    JsonNode other = awaitFinal(ended.at("/result/1").asText());
    JsonNode unknown = awaitFinal(ended.at("/result/2").asText());
    assertEquals(id, first.path("parent").asText());
    assertEquals("{\"tenant\":\"7\",\"who\":\"a b\"}", first.path("result").toString());
    assertEquals("{\"tenant\":\"7\"}", other.path("result").toString());
    assertEquals("DEAD", unknown.path("state").asText());
    assertEquals("queue-deleted", unknown.path("reason").asText());
    assertEquals(2, childRuns.get());
    assertEquals(3, get("/v1/jobs?parent=" + id).path("items").size());
    JsonNode log = get("/v1/jobs/" + id + "/logs");
    assertEquals(2, log.path("items").size(), log.toString());
    assertEquals("attempt 1 for 7", log.at("/items/0/line").asText());
    assertEquals(2, log.at("/items/1/attempt").asInt());
    assertEquals(1, get("/v1/jobs/" + id + "/logs?after=1").path("items").size());
  }

  @Test
  void shouldCancelChildren_andShowAHandlerThatDoesNotStop() throws Exception {
    String id = submit("{\"type\":\"stubborn\"}", "").path("id").asText();
    for (int i = 0; i < 2; i++) {
      assertTrue(children.poll(60, TimeUnit.SECONDS) != null, "both children run");
    }
    send("POST", "/v1/jobs/" + id + "/cancel", "", Map.of());
    JsonNode items = await(this::bothChildren, id);
    for (JsonNode item : items) {
      boolean cancelled = item.path("state").asText().equals("CANCELLED");
      JsonNode child = get("/v1/jobs/" + item.path("id").asText());
      boolean lives = List.of("QUEUED", "RUNNING").contains(child.path("state").asText());
      assertTrue(cancelled != lives, child.toString());
    }
    JsonNode job = await(this::withAttempt, id);
    assertTrue(job.path("stillRunning").asBoolean(), job.toString());
    String stack = job.at("/attempts/0/error/stack").asText();
    assertTrue(stack.contains("ContextAtWorkTest.stubborn"), job.toString());
    stubbornEnd.countDown();
    JsonNode over = await(this::noLongerRunning, id);
    assertEquals("CANCELLED", over.path("state").asText());
    assertEquals(1, over.path("attempts").size());
  }

  private @Nullable JsonNode bothChildren(String id) throws Exception {
    JsonNode items = get("/v1/jobs?parent=" + id).path("items");
    List<String> states = items.findValuesAsText("state");
    return states.contains("CANCELLED") && states.size() == 2 ? items : null;
  }

  private @Nullable JsonNode withAttempt(String id) throws Exception {
    JsonNode job = get("/v1/jobs/" + id);
    return job.path("attempts").size() == 1 ? job : null;
  }

  private @Nullable JsonNode noLongerRunning(String id) throws Exception {
    JsonNode job = get("/v1/jobs/" + id);
    return job.has("stillRunning") ? null : job;
  }

  /** Asks until there is an answer; the test's time is the bound. */
  private static JsonNode await(Question question, String id) throws Exception {
    while (true) {
      JsonNode answer = question.ask(id);
      if (answer != null) {
        return answer;
      }
      pause();
    }
  }

  private static void pause() throws InterruptedException {
    var _ = new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
  }

  private interface Question {
    @Nullable JsonNode ask(String id) throws Exception;
  }

  private JsonNode submit(String job, String baggage) throws Exception {
    Map<String, String> headers = baggage.isEmpty() ? Map.of() : Map.of("baggage", baggage);
    return send("POST", "/v1/jobs", job, headers);
  }

  private JsonNode awaitFinal(String id) throws Exception {
    return get("/v1/jobs/" + id + "?wait=50s");
  }

  private JsonNode get(String path) throws Exception {
    return send("GET", path, "", Map.of());
  }

  private JsonNode send(String method, String path, String body, Map<String, String> headers)
      throws Exception {
    HttpResponse<String> answer = request(method, path, body, headers);
    assertTrue(answer.statusCode() < 300, path + ": " + answer.body());
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> request(
      String method, String path, String body, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + scheduler.port() + path))
            .method(method, BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
