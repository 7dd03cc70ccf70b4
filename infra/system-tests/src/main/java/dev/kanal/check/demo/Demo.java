package dev.kanal.check.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.BatchAnswer;
import dev.kanal.check.server.BatchLine;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One run of the sample load. Used once; {@link #stop} may be called from any thread. */
final class Demo {
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Map<String, String> SCHEDULES =
      Map.of("demo-stock-report", "*/2 * * * *", "demo-nightly-backup", "30 3 * * *");

  private final ObjectMapper json = new ObjectMapper();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final String run = "run-" + Long.toString(InstantSource.system().millis(), 36);
  private final Session session;
  private final Console console;
  private final Api api;
  private final DemoJobs jobs;
  private final int rate;
  private long submitted;
  private long refused;

  Demo(Session session, DemoShop shop, RandomGenerator random, int rate) {
    this.session = session;
    this.console = session.console();
    this.api = new Api(session.servers());
    this.jobs = new DemoJobs(shop::url, random, run);
    this.rate = rate;
  }

  /** Lets the run end soon. */
  void stop() {
    stopped.countDown();
  }

  /** Submits jobs until it is stopped, or its time is over. */
  void run() throws InterruptedException {
    setUp();
    long start = System.nanoTime();
    long due = 0;
    boolean away = false;
    while (!session.deadline().passed()
        && !stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      long wanted = (System.nanoTime() - start) * rate / Duration.ofSeconds(1).toNanos();
      // Jobs that could not be sent while the server was away are not sent later.
      int batch = (int) Math.min(wanted - due, Math.max(1, rate));
      due = wanted;
      boolean now = batch > 0 && !submit(batch);
      if (now && !away) {
        console.say("the server does not take jobs at present; going on when it does");
      }
      away = batch > 0 ? now : away;
    }
    tidyUp();
  }

  private void setUp() throws InterruptedException {
    put("/v1/queues/orders", json.createObjectNode().put("weight", 3));
    put("/v1/queues/emails", withRate(json.createObjectNode(), 10));
    put("/v1/queues/media", json.createObjectNode());
    put("/v1/queues/reports", json.createObjectNode().put("concurrency", 4));
    for (Map.Entry<String, String> each : SCHEDULES.entrySet()) {
      ObjectNode schedule = json.createObjectNode().put("cron", each.getValue());
      schedule.put("zone", "Europe/Berlin").set("job", jobs.report());
      put("/v1/schedules/" + each.getKey(), schedule);
    }
    console.say(
        "about %d jobs a second to the queues orders, emails, media, reports and default: calls of"
                .formatted(rate)
            + " services, of which some are slow and some fail, retries, delays, keys");
    console.say(
        "two schedules: demo-stock-report every two minutes, demo-nightly-backup at 03:30; all jobs"
            + " have the tag demo:"
            + run);
    console.say("look at " + session.url() + " ; Ctrl-C stops it, and cancels what still waits");
  }

  private static ObjectNode withRate(ObjectNode queue, int permits) {
    queue.putObject("rate").put("permits", permits).put("per", "PT1S");
    return queue;
  }

  private void put(String path, ObjectNode body) throws InterruptedException {
    var _ = api.call("PUT", path, body).expectSuccess();
  }

  /** Whether the server has accepted them, or refused some. */
  private boolean submit(int batch) throws InterruptedException {
    List<byte[]> lines = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      lines.add((jobs.next() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return switch (session.client().bulk(lines)) {
      case BatchAnswer.Lines answer -> {
        long taken = answer.lines().stream().filter(BatchLine.Accepted.class::isInstance).count();
        submitted += taken;
        refused += answer.lines().size() - taken;
        yield true;
      }
      case BatchAnswer.Refused _ -> {
        refused += batch;
        yield true;
      }
      case BatchAnswer.Away _ -> false;
    };
  }

  /** Once, without retries: the server may be gone. */
  private void tidyUp() throws InterruptedException {
    boolean done = true;
    for (String schedule : SCHEDULES.keySet()) {
      done &= succeeds("DELETE", "/v1/schedules/" + schedule, null);
    }
    ObjectNode cancel = json.createObjectNode().put("action", "cancel");
    cancel.putObject("filter").putObject("tags").put(DemoJobs.TAG, run);
    done &= succeeds("POST", "/v1/bulk-actions", cancel.toString());
    console.say(
        "stopped: %s jobs submitted, %s refused; %s"
            .formatted(
                Console.count(submitted),
                Console.count(refused),
                done
                    ? "the schedules are deleted, and what still waited is cancelled"
                    : "the server is away, so its schedules and waiting jobs stay"));
  }

  private boolean succeeds(String method, String path, @Nullable String body)
      throws InterruptedException {
    return session.client().call(method, path, body, Map.of())
            instanceof Answer.Got(int status, String _)
        && status / 100 == 2;
  }
}
