package dev.kanal.check.workers;

import dev.kanal.check.history.Run;
import dev.kanal.check.load.AcceptedJob;
import dev.kanal.check.load.Submission;
import dev.kanal.check.probe.Probe;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Latencies;
import dev.kanal.check.server.Pause;
import dev.kanal.check.workers.ProbeJobs.Numbers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** How soon a cancel, a timeout and a deadline reach handlers that run. */
final class InterruptsCheck {
  private static final Duration FOR_LONG = Duration.ofMinutes(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final String QUEUE = "interrupts";

  private final PromiseTally reached = new PromiseTally("each is interrupted");
  private final PromiseTally soon = new PromiseTally("99 of 100 within a second");
  private final List<Promise> promises = new ArrayList<>();
  private final Scene scene;

  InterruptsCheck(Scene scene) {
    this.scene = scene;
  }

  Verdict run(int each) throws InterruptedException {
    try (Probe probe = Probe.start(new Held())) {
      cancels(probe, new Numbers(0, each));
      Numbers timed = new Numbers(1_000_000, each);
      submit(probe, timed, ",\"timeout\":\"%s\",\"retry\":{\"maxAttempts\":1}".formatted(TIMEOUT));
      report("timeout", probe, timed, run -> run.span().start() + micros(TIMEOUT));
      Instant deadline = InstantSource.system().instant().plus(DEADLINE);
      Numbers late = new Numbers(2_000_000, each);
      submit(probe, late, ",\"deadline\":\"%s\"".formatted(deadline));
      report("deadline", probe, late, _ -> deadline.toEpochMilli() * 1_000);
      promises.addAll(List.of(reached.toPromise(), soon.toPromise()));
      return scene.report(promises);
    }
  }

  private void cancels(Probe probe, Numbers numbers) throws InterruptedException {
    Submission submission = submit(probe, numbers, "");
    awaitStarts(probe, numbers);
    Map<Integer, Long> asked = new HashMap<>();
    for (AcceptedJob job : submission.accepted()) {
      asked.put(numbers.first() + job.index(), Microseconds.now());
      scene.api().post("/v1/jobs/" + job.id() + "/cancel", null).expectSuccess();
    }
    report("cancel", probe, numbers, run -> asked.getOrDefault(run.index(), 0L));
  }

  private Submission submit(Probe probe, Numbers numbers, String options)
      throws InterruptedException {
    Submission submission =
        scene.submit(new ProbeJobs(numbers, QUEUE, probe, _ -> FOR_LONG, options));
    promises.addAll(submission.promises().subList(0, 1));
    return submission;
  }

  private void awaitStarts(Probe probe, Numbers numbers) throws InterruptedException {
    while (!scene.session().deadline().passed()
        && probe.runs().stream().filter(run -> isOf(numbers, run)).count() < numbers.size()) {
      Pause.real().of(LOOK_EVERY);
    }
  }

  /**
   * @param due when each was to be interrupted, in microseconds since 1970
   */
  private void report(String what, Probe probe, Numbers numbers, ToLongFunction<Run> due)
      throws InterruptedException {
    awaitStarts(probe, numbers);
    scene.awaitEnd(QUEUE);
    Latencies latencies = new Latencies(numbers.size());
    RunsByJob runs = RunsByJob.of(probe.runs());
    for (int i = 0; i < numbers.size(); i++) {
      int number = numbers.first() + i;
      List<Run> cut = runs.of(number).stream().filter(run -> run.end() == Run.End.CUT).toList();
      reached.check(cut.size() == 1, () -> what + " of " + number + ": cut " + cut.size());
      if (!cut.isEmpty()) {
        Run run = cut.getFirst();
        latencies.add(Math.max(0, run.span().end() - due.applyAsLong(run)) * 1_000);
      }
    }
    scene.console().say(latencies.line(what + " to interrupt"));
    long p99 = latencies.percentile(0.99);
    soon.check(p99 <= BOUND.toNanos(), () -> "%s: p99 is %d ms".formatted(what, p99 / 1_000_000));
  }

  private static boolean isOf(Numbers numbers, Run run) {
    return run.index() >= numbers.first() && run.index() < numbers.first() + numbers.size();
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1_000;
  }
}
