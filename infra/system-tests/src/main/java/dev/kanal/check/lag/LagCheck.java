package dev.kanal.check.lag;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.Api;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.KanalClient;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Session;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of the check of lag. Two seconds after each change every scheduler is asked; counts of
 * records must be exact, ages within {@link #AGE_ERROR}. Used once.
 */
final class LagCheck {
  static final int SLOTS = 4;

  private static final String QUEUE = "lag-check";
  private static final Duration AFTER = Duration.ofSeconds(2);
  private static final double AGE_ERROR = 2.0;
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final int FIRST = 50;
  private static final int LATER = 10;
  private static final int STREAM = 600;

  /** A worker's lease and the tick that finds it lapsed. */
  private static final Duration LEASE = Duration.ofSeconds(17);

  private final ObjectMapper json = new ObjectMapper();
  private final PromiseTally lags = new PromiseTally("lag is exact 2 s after a change");
  private final PromiseTally flights = new PromiseTally("in flight is exact 2 s after a change");
  private final PromiseTally ages = new PromiseTally("age is right within 2 s");
  private final PromiseTally series = new PromiseTally("the series tells every arrival and end");
  private final InstantSource clock = InstantSource.system();
  private final Cluster cluster;
  private final Console console;
  private final Api api;
  private final List<KanalClient> schedulers;
  private final HeldCalls calls;

  /** When each job was sent to the channel, in their order; started ones first. */
  private final List<Instant> sent = new ArrayList<>();

  LagCheck(Cluster cluster, Session session, HeldCalls calls) {
    this.cluster = cluster;
    this.console = session.console();
    this.api = new Api(session.servers());
    this.schedulers = cluster.urls().stream().map((URI url) -> new KanalClient(url)).toList();
    this.calls = calls;
  }

  Verdict run() throws InterruptedException {
    long begun = System.nanoTime();
    cluster.killWorker(0);
    var _ = api.call("PUT", "/v1/queues/" + QUEUE, json.createObjectNode()).expectSuccess();
    console.say(
        row("change", "lag", "in flight", "oldest, s") + "  (expected; said by each scheduler)");
    withoutWorker();
    withWorker();
    paused();
    killed();
    purgedAndExpired();
    streamed();
    Verdict verdict =
        new Verdict(
            List.of(lags.toPromise(), flights.toPromise(), ages.toPromise(), series.toPromise()),
            List.of());
    console.say("took " + Console.time(Duration.ofNanos(System.nanoTime() - begun)));
    verdict.table().forEach(console::say);
    console.say(verdict.conclusion());
    schedulers.forEach(KanalClient::close);
    return verdict;
  }

  private void withoutWorker() throws InterruptedException {
    submit(FIRST, null);
    look(FIRST + " jobs come, there is no worker", FIRST, 0, 0);
  }

  private void withWorker() throws InterruptedException {
    cluster.startWorker(0);
    await(() -> calls.begun() == SLOTS, "the worker to begin");
    look("a worker with %d slots comes".formatted(SLOTS), FIRST - SLOTS, SLOTS, SLOTS);
    calls.letGo(LATER);
    await(() -> calls.begun() == SLOTS + LATER, "others to begin");
    look(LATER + " jobs end", FIRST - SLOTS - LATER, SLOTS, SLOTS + LATER);
  }

  private void paused() throws InterruptedException {
    var _ = api.post("/v1/queues/" + QUEUE + "/pause", null).expectSuccess();
    int before = calls.begun();
    submit(LATER, null);
    look("paused; %d more come, and wait".formatted(LATER), FIRST - before, SLOTS, before);
    var _ = api.post("/v1/queues/" + QUEUE + "/resume", null).expectSuccess();
    Instant now = clock.instant();
    for (int i = sent.size() - LATER; i < sent.size(); i++) {
      sent.set(i, now);
    }
    look("resumed", FIRST + LATER - before, SLOTS, before);
  }

  private void killed() throws InterruptedException {
    int begun = calls.begun();
    int waiting = FIRST + LATER - begun;
    cluster.killWorker(0);
    look("the worker is killed: its leases hold", waiting, SLOTS, begun);
    Pause.real().of(LEASE);
    look("its leases end: what it ran waits again", waiting + SLOTS, 0, begun);
  }

  private void purgedAndExpired() throws InterruptedException {
    String bulk =
        api.post("/v1/queues/" + QUEUE + "/purge", null).expectSuccess().path("id").asText();
    await(
        () -> {
          try {
            JsonNode state = api.get("/v1/bulk-actions/" + bulk).expectSuccess();
            return !state.path("state").asText().equals("running");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
          }
        },
        "the purge to end");
    sent.clear();
    look("purged", 0, 0, 0);
    submit(LATER, Duration.ofSeconds(5));
    look("%d jobs come that expire 5 s later".formatted(LATER), LATER, 0, 0);
    Pause.real().of(Duration.ofSeconds(4));
    sent.clear();
    look("expired", 0, 0, 0);
  }

  /**
   * A steady stream through a worker, which the series must show complete, arrivals and departures.
   */
  private void streamed() throws InterruptedException {
    cluster.startWorker(0);
    calls.letGo(FIRST + LATER + STREAM);
    double from = clock.millis() / 1_000.0;
    submit(STREAM, null);
    sent.clear();
    Pause.real().of(Duration.ofSeconds(8));
    look(STREAM + " more have come, 10 a second, and run", 0, 0, 0);
    for (KanalClient scheduler : schedulers) {
      JsonNode points = get(scheduler, "/v1/queues/" + QUEUE + "/series?step=1s&last=15m");
      double came = sum(points, "arrivalRate", from);
      double left = sum(points, "drainRate", from);
      console.say(
          "the series: %d points, of the %d that streamed %.1f came, %.1f left"
              .formatted(points.path("times").size(), STREAM, came, left));
      series.check(
          Math.abs(came - STREAM) < 1 && Math.abs(left - STREAM) < 1,
          () -> "%.1f came and %.1f left, of %d".formatted(came, left, STREAM));
    }
  }

  private static double sum(JsonNode points, String rate, double from) {
    JsonNode times = points.path("times");
    double sum = 0;
    for (int i = 1; i < times.size(); i++) {
      if (times.get(i).asDouble() > from) {
        double seconds = times.get(i).asDouble() - times.get(i - 1).asDouble();
        sum += points.path(rate).path(i).asDouble() * seconds;
      }
    }
    return sum;
  }

  private void submit(int jobs, @Nullable Duration deadline) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < jobs; i++) {
      ObjectNode job = json.createObjectNode().put("type", "http").put("queue", QUEUE);
      job.put("timeout", "10m");
      job.putObject("payload").put("url", calls.url()).put("timeout", "9m");
      if (deadline != null) {
        job.put("deadline", clock.instant().plus(deadline).toString());
      }
      JsonNode accepted = api.post("/v1/jobs", job).expectSuccess();
      sent.add(Instant.parse(accepted.path("createdAt").asText()));
      long due = start + BETWEEN.toNanos() * (i + 1);
      Pause.real().of(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
    }
  }

  /**
   * Asks every scheduler, two seconds from now.
   *
   * @param oldest the number of the oldest job that has not begun, if there is lag
   */
  private void look(String change, int lag, int inFlight, int oldest) throws InterruptedException {
    Pause.real().of(AFTER);
    List<String> said = new ArrayList<>();
    double age = 0;
    for (KanalClient scheduler : schedulers) {
      for (String path : List.of("/v1/queues/" + QUEUE, "/v1/scaling/" + QUEUE)) {
        JsonNode queue = get(scheduler, path);
        age =
            lag == 0 ? 0 : Duration.between(sent.get(oldest), clock.instant()).toMillis() / 1_000.0;
        double expected = age;
        long saidLag = queue.path("lag").asLong(-1);
        long saidFlight = queue.path("inFlight").asLong(-1);
        double saidAge = queue.path("oldestAgeSeconds").asDouble(-1);
        String where = change + ": " + path;
        lags.check(saidLag == lag, () -> where + " says " + saidLag + ", expected " + lag);
        flights.check(
            saidFlight == inFlight, () -> where + " says " + saidFlight + ", expected " + inFlight);
        ages.check(
            Math.abs(saidAge - expected) <= AGE_ERROR,
            () -> where + " says %.1f, expected %.1f".formatted(saidAge, expected));
        if (path.startsWith("/v1/queues")) {
          said.add("%d, %d, %.1f".formatted(saidLag, saidFlight, saidAge));
        }
      }
    }
    console.say(
        row(change, "" + lag, "" + inFlight, "%.1f".formatted(age))
            + "  ("
            + String.join("; ", said)
            + ")");
  }

  private JsonNode get(KanalClient scheduler, String path) throws InterruptedException {
    Answer answer = scheduler.get(path);
    if (answer instanceof Answer.Got(int status, String body) && status == 200) {
      try {
        return json.readTree(body);
      } catch (IOException e) {
        throw new CheckStopped("Expected JSON, but got " + body);
      }
    }
    throw new CheckStopped("Expected an answer to " + path + ", but got " + answer);
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new CheckStopped("Expected " + what + " within a minute");
      }
      Pause.real().of(LOOK_EVERY);
    }
  }

  private static String row(String change, String lag, String inFlight, String age) {
    return String.format(Locale.ROOT, "%-52s %6s %9s %9s", change, lag, inFlight, age);
  }
}
