package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.task.Task;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerFeed;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker reports about itself: over its own port, and in Kafka. */
@EmbeddedCluster
final class WorkerPresenceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Installation installation;
  private final KnownWorkers known = new KnownWorkers(Clocks.system().ticker());
  private final WorkerFeed feed;
  private final CountDownLatch release = new CountDownLatch(1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Worker worker;

  WorkerPresenceTest(TestKafka kafka) throws Exception {
    installation = new Installation(kafka);
    installation.makeControl();
    feed =
        new WorkerFeed(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            installation.topics.workers(),
            known,
            Clocks.system().wall());
    feed.start();
    worker =
        installation
            .worker()
            .name("known")
            .http("127.0.0.1", 0)
            .grace(Duration.ofSeconds(5))
            .handle("wait", JsonBytes.class, this::waiting)
            .build();
    worker.start();
  }

  @AfterEach
  void end() {
    release.countDown();
    worker.close();
    feed.close();
    client.close();
    installation.close();
  }

  @Test
  void shouldBeReady_onceKafkaTakesItsReports_untilItDrains() throws Exception {
    assertEquals(200, get("/livez").statusCode());
    HttpResponse<String> early = get("/readyz");
    assertEquals(503, early.statusCode());
    assertTrue(early.body().contains("Expected Kafka to take"), early::body);

    installation.makeWorkers();
    installation.awaitAll(() -> status("/readyz") == 200, PATIENCE);

    assertEquals(202, post("/drain").statusCode());
    HttpResponse<String> draining = get("/readyz");
    assertEquals(503, draining.statusCode());
    assertTrue(draining.body().contains("it drains"), draining::body);
    assertEquals(200, get("/livez").statusCode());
  }

  @Test
  void shouldFinishWhatRuns_andTakeNothingNew_whenItDrains() throws Exception {
    installation.makeWorkers();
    Task running = installation.task("wait", "1");
    var _ = installation.send(running);
    installation.await(entry -> entry instanceof Leased);

    assertEquals(202, post("/drain").statusCode());
    assertEquals(202, post("/drain").statusCode(), "once more changes nothing");
    WorkerReport report = awaitReport(WorkerReport::draining);
    Task later = installation.task("wait", "2");
    var _ = installation.send(later);
    assertFalse(worker.drained().isDone());
    release.countDown();

    Installation.get(worker.drained());
    assertEquals(
        new Outcome.Succeeded(JsonBytes.of("\"done\"")), installation.awaitOutcome(running));
    assertFalse(installation.outcomes().containsKey(later.job()));
    assertTells(report, running);
  }

  private static void assertTells(WorkerReport report, Task running) {
    assertEquals("known", report.worker().name());
    assertTrue(report.types().contains("wait"), report::toString);
    assertEquals(List.of(), report.queues());
    assertEquals(1, report.running().count());
    assertEquals(running.job(), report.running().oldest().getFirst().job());
    assertEquals("default", report.running().oldest().getFirst().queue());
    assertEquals(1, report.slots().busy());
    WorkerReport.QueueUse use = report.slots().queues().get("default");
    assertEquals(1, use == null ? 0 : use.busy(), report::toString);
    assertTrue(use != null && use.size() >= 1 && use.size() <= report.slots().size());
    assertTrue(report.slots().size() <= report.slots().total());
  }

  @Test
  void shouldShowMetrics_inPrometheusText() throws Exception {
    var _ = installation.send(installation.task("wait", "1"));
    release.countDown();
    Pattern wanted = Pattern.compile("kanal_attempts_total\\{.*kanal_outcome=\"succeeded\".*} 1.0");
    installation.awaitAll(() -> wanted.matcher(get("/metrics").body()).find(), PATIENCE);

    HttpResponse<String> metrics = get("/metrics");
    assertTrue(
        metrics.headers().firstValue("Content-Type").orElse("").startsWith("text/plain"),
        () -> metrics.headers().toString());
    assertTrue(metrics.body().contains("kanal_worker_slots{"), metrics::body);
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() throws Exception {
    assertEquals(404, get("/jobs").statusCode());
    HttpResponse<String> drain = get("/drain");
    assertEquals(405, drain.statusCode());
    assertEquals("POST", drain.headers().firstValue("Allow").orElse(""));
    assertEquals(405, post("/readyz").statusCode());
    HttpRequest foreign =
        request("/drain").header("Origin", "http://else").POST(BodyPublishers.noBody()).build();
    assertEquals(403, client.send(foreign, BodyHandlers.ofString()).statusCode());
    assertFalse(worker.drained().isDone());
  }

  private WorkerReport awaitReport(Predicate<WorkerReport> wanted) {
    installation.awaitAll(() -> known.live().stream().anyMatch(wanted), PATIENCE);
    return known.live().stream().filter(wanted).findFirst().orElseThrow();
  }

  private int status(String path) throws InterruptedException {
    try {
      return get(path).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path) throws InterruptedException, IOException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path) throws InterruptedException, IOException {
    HttpRequest request = request(path).POST(BodyPublishers.noBody()).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.httpPort() + path))
        .timeout(PATIENCE);
  }

  private String waiting(Context context, JsonBytes payload) throws InterruptedException {
    release.await();
    return "done";
  }
}
