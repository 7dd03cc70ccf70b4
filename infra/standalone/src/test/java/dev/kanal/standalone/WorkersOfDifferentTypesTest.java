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
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.worker.Worker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers with different handlers that take the tasks of one queue. */
@EmbeddedCluster
@Timeout(180)
final class WorkersOfDifferentTypesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int JOBS = 1_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger bounced = new AtomicInteger();
  private final AtomicInteger ran = new AtomicInteger();
  private final String prefix = EmbeddedKafka.uniquePrefix() + "types";
  private final TestKafka kafka;
  private final Scheduler scheduler;

  WorkersOfDifferentTypesTest(TestKafka kafka, @TempDir Path data) throws Exception {
    this.kafka = kafka;
    Map<String, String> arguments =
        Map.of(
            "kafka.bootstrap",
            kafka.bootstrapServers(),
            "topics.prefix",
            prefix,
            "http.port",
            "0",
            "engine.shards",
            "4");
    Settings settings =
        Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), arguments));
    SchedulerConfig config = SchedulerConfig.from(settings, KafkaConfig.from(settings), data);
    scheduler = Scheduler.start(config, Clocks.system());
  }

  @BeforeEach
  void awaitReady() throws Exception {
    Await await = new Await();
    HttpRequest request = HttpRequest.newBuilder(uri("/readyz")).build();
    while (http.send(request, BodyHandlers.discarding()).statusCode() != 200) {
      await.again("a scheduler that is ready");
    }
  }

  @AfterEach
  void close() {
    scheduler.close();
    http.close();
  }

  @Test
  void shouldReachAWorkerThatHasTheType_withoutADetour() throws Exception {
    try (Worker mails = worker("mail.send");
        Worker prints = worker("print")) {
      mails.start();
      prints.start();
      awaitTypesKnown();
      awaitOwnTopics(Set.of("mail.send", "print"));
      int mailsBefore = count("mail.send", "SUCCEEDED");
      int printsBefore = count("print", "SUCCEEDED");
      ran.set(0);
      bounced.set(0);
      for (int i = 0; i < JOBS / 100; i++) {
        submit("mail.send", 50);
        submit("print", 50);
      }
      awaitSucceeded("mail.send", mailsBefore + JOBS / 2);
      awaitSucceeded("print", printsBefore + JOBS / 2);
    }
    assertEquals(JOBS, ran.get());
    assertEquals(0, bounced.get(), "tasks that came to a worker without their handler first");
    assertOneAttemptEach("mail.send");
    assertOneAttemptEach("print");
  }

  /** Its only worker is away, while another of the queue lives. */
  @Test
  void shouldWaitVisibly_andSucceedWhenTheWorkerComes() throws Exception {
    try (Worker prints = worker("print")) {
      prints.start();
      awaitTypesKnown();
      submit("print", 20);
      awaitSucceeded("print", 20);
      submit("mail.send", JOBS);
      awaitCount("mail.send", "BLOCKED", JOBS);
      submit("print", 20);
      awaitSucceeded("print", 40);
      try (Worker mails = worker("mail.send")) {
        mails.start();
        awaitSucceeded("mail.send", JOBS);
      }
    }
    assertOneAttemptEach("mail.send");
    assertOneAttemptEach("print");
  }

  private Worker worker(String type) {
    return Worker.builder()
        .bootstrap(kafka.bootstrapServers())
        .prefix(prefix)
        .grace(Duration.ofSeconds(1))
        .handle(
            type,
            JsonNode.class,
            (context, _) -> {
              ran.incrementAndGet();
              bounced.addAndGet(context.dispatch() - 1);
              return null;
            })
        .build();
  }

  /**
   * Shards learn what workers run a moment after they have heard of these. What is handed back
   * until then is an entry of its job's attempts.
   */
  private void awaitTypesKnown() throws Exception {
    submit("nobody", 100);
    awaitCount("nobody", "BLOCKED", 100);
  }

  /** A moment after the topics were made they are used. */
  private void awaitOwnTopics(Set<String> types) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      Await await = new Await();
      Set<String> found = new HashSet<>();
      while (found.size() < types.size()) {
        await.again("topics of " + types + ", and there are " + found);
        found.clear();
        admin.listTopics().names().get(20, TimeUnit.SECONDS).stream()
            .filter(name -> name.startsWith(prefix + ".tasks.default.normal-"))
            .forEach(found::add);
      }
    }
    for (String type : types) {
      Await await = new Await();
      int direct = 0;
      while (direct < 20) {
        int before = bounced.get();
        int done = count(type, "SUCCEEDED");
        submit(type, 1);
        awaitSucceeded(type, done + 1);
        direct = bounced.get() == before ? direct + 1 : 0;
        await.again("tasks of " + type + " that come to their worker at once");
      }
    }
  }

  private void assertOneAttemptEach(String type) throws Exception {
    String cursor = "";
    int jobs = 0;
    while (cursor != null) {
      JsonNode page = get("/v1/jobs?limit=100&type=" + type + cursor);
      for (JsonNode item : page.path("items")) {
        JsonNode job = get("/v1/jobs/" + item.path("id").asText());
        assertEquals(1, job.path("attempts").size(), job::toString);
        assertEquals("succeeded", job.at("/attempts/0/outcome").asText(), job::toString);
        jobs++;
      }
      JsonNode next = page.path("nextCursor");
      cursor = next.isNull() ? null : "&cursor=" + next.asText();
    }
    assertTrue(jobs > 0);
  }

  private void submit(String type, int count) throws Exception {
    String line = "{\"type\":\"" + type + "\",\"payload\":1}\n";
    HttpRequest request =
        HttpRequest.newBuilder(uri("/v1/jobs/bulk"))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(line.repeat(count)))
            .build();
    String answer = http.send(request, BodyHandlers.ofString()).body();
    assertEquals(count, answer.lines().filter(each -> each.contains("\"id\"")).count(), answer);
  }

  private void awaitSucceeded(String type, int count) throws Exception {
    awaitCount(type, "SUCCEEDED", count);
  }

  private void awaitCount(String type, String state, int count) throws Exception {
    Await await = new Await();
    int now = count(type, state);
    while (now != count) {
      await.again(count + " jobs of " + type + " that are " + state + ", but there are " + now);
      now = count(type, state);
    }
  }

  private int count(String type, String state) throws Exception {
    int found = 0;
    String cursor = "";
    while (cursor != null) {
      JsonNode page = get("/v1/jobs?limit=100&type=" + type + "&state=" + state + cursor);
      found += page.path("items").size();
      JsonNode next = page.path("nextCursor");
      cursor = next.isNull() || next.isMissingNode() ? null : "&cursor=" + next.asText();
    }
    return found;
  }

  /**
   * Asks again while a shard's thread is thought to be away, as callers are to: on a busy machine
   * its first round may take longer than that thought does.
   */
  private JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    Await await = new Await();
    while (answer.statusCode() == 503) {
      await.again(answer.body());
      answer = http.send(request, BodyHandlers.ofString());
    }
    assertEquals(200, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + scheduler.port() + path);
  }

  /** Waits a moment, up to a limit. */
  private static final class Await {
    private final long end = Clocks.system().ticker().nanos() + PATIENCE.toNanos();

    void again(String what) {
      long now = Clocks.system().ticker().nanos();
      assertTrue(now < end, () -> "Expected within " + PATIENCE + ": " + what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
