package dev.kanal.check.workers;

import dev.kanal.check.history.Run;
import dev.kanal.check.probe.Probe;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.BatchAnswer;
import dev.kanal.check.server.Latencies;
import dev.kanal.check.server.Pause;
import dev.kanal.check.workers.ProbeJobs.Numbers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Short jobs at a fixed rate, and then the same with long ones among them: how long the short ones
 * wait. Times count from when a job was to be submitted, however late that was.
 */
final class MixCheck {
  static final int SLOTS = 400;

  private static final int SHORT_PER_SECOND = 1_000;
  private static final int LONG_PER_SECOND = 10;
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration EVERY = Duration.ofMillis(20);
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final double TIMES_AT_MOST = 2;
  private static final String QUEUE = "mix";

  private final PromiseTally taken = new PromiseTally("every job is accepted");
  private final PromiseTally once = new PromiseTally("every short job runs, once");
  private final PromiseTally close = new PromiseTally("p99 of the short at most doubles");
  private final Scene scene;

  /** When each number was to be submitted, in microseconds since 1970. */
  private final ConcurrentHashMap<Integer, Long> due = new ConcurrentHashMap<>();

  MixCheck(Scene scene) {
    this.scene = scene;
  }

  Verdict run(Duration over) throws InterruptedException {
    try (Probe probe = Probe.start(new Held())) {
      phase(probe, 0, WARM_UP, true);
      int shorts = (int) (over.toSeconds() * SHORT_PER_SECOND);
      int first = 10_000_000;
      int second = 20_000_000;
      phase(probe, first, over, false);
      phase(probe, second, over, true);
      RunsByJob runs = RunsByJob.of(probe.runs());
      long alone = waits("short jobs alone", runs, new Numbers(first, shorts));
      long among = waits("short jobs with long ones", runs, new Numbers(second, shorts));
      close.check(
          among <= TIMES_AT_MOST * alone,
          () -> "%.1f times as long".formatted(among / (double) alone));
      return scene.report(List.of(taken.toPromise(), once.toPromise(), close.toPromise()));
    }
  }

  private void phase(Probe probe, int first, Duration over, boolean longs)
      throws InterruptedException {
    long start = System.nanoTime();
    long startMicros = Microseconds.now();
    int chunk = (int) (SHORT_PER_SECOND * EVERY.toMillis() / 1_000);
    int steps = (int) over.dividedBy(EVERY);
    int stepsPerLong = (int) (Duration.ofSeconds(1).dividedBy(EVERY) / LONG_PER_SECOND);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int step = 0; step < steps; step++) {
        Duration at = EVERY.multipliedBy(step);
        long early = start + at.toNanos() - System.nanoTime();
        Pause.real().of(Duration.ofNanos(Math.max(0, early)));
        Numbers numbers = new Numbers(first + step * chunk, chunk);
        for (int i = 0; i < chunk; i++) {
          due.put(numbers.first() + i, startMicros + at.toNanos() / 1_000);
        }
        threads.execute(() -> submit(new ProbeJobs(numbers, QUEUE, probe, _ -> SHORT)));
        if (longs && step % stepsPerLong == 0) {
          Numbers one = new Numbers(first + 9_000_000 + step, 1);
          threads.execute(() -> submit(new ProbeJobs(one, QUEUE, probe, _ -> LONG)));
        }
      }
    }
    scene.awaitEnd(QUEUE);
  }

  private void submit(ProbeJobs jobs) {
    try {
      Iterable<byte[]> lines =
          () -> IntStream.range(0, jobs.size()).mapToObj(jobs::line).iterator();
      BatchAnswer answer = scene.session().client().bulk(lines);
      int accepted = answer instanceof BatchAnswer.Lines all ? all.lines().size() : 0;
      taken.check(accepted == jobs.size(), () -> "answered " + answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints how long they waited; returns the p99 in nanoseconds. */
  private long waits(String what, RunsByJob runs, Numbers numbers) {
    Latencies waits = new Latencies(numbers.size());
    for (int i = 0; i < numbers.size(); i++) {
      int number = numbers.first() + i;
      List<Run> each = runs.of(number);
      once.check(each.size() == 1, () -> number + " ran " + each.size() + " times");
      if (!each.isEmpty()) {
        long micros = each.getFirst().span().start() - due.getOrDefault(number, 0L);
        waits.add(Math.max(0, micros) * 1_000);
      }
    }
    scene.console().say(waits.line(what + ", due to start"));
    return waits.percentile(0.99);
  }
}
