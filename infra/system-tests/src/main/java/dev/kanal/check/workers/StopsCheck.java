package dev.kanal.check.workers;

import dev.kanal.check.history.Run;
import dev.kanal.check.load.Submission;
import dev.kanal.check.probe.Probe;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Latencies;
import dev.kanal.check.server.Pause;
import dev.kanal.check.workers.ProbeJobs.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One of three workers is killed in the middle of a run, another is stopped in the middle of the
 * next, and at last one whose task does not end within the grace.
 */
final class StopsCheck {
  /** The settings of the workers. */
  static final Duration GRACE = Duration.ofSeconds(5);

  private static final int LONG_EVERY = 300;
  private static final int LONG_JOBS = 100;
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration WITHIN_GRACE = Duration.ofSeconds(3);
  private static final Duration BEYOND_GRACE = Duration.ofSeconds(20);
  private static final Duration KILLED_WITHIN = Duration.ofSeconds(45);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final String QUEUE = "stops";

  private final PromiseTally every = new PromiseTally("every job succeeds");
  private final PromiseTally killed =
      new PromiseTally("what a killed worker ran runs again within " + Console.time(KILLED_WITHIN));
  private final PromiseTally once =
      new PromiseTally("what ends within the grace runs once, though its worker stops");
  private final PromiseTally handed =
      new PromiseTally("what does not is started again within " + Console.time(STOPPED_WITHIN));
  private final PromiseTally clean = new PromiseTally("a worker that is told to stop exits with 0");
  private final Scene scene;

  StopsCheck(Scene scene) {
    this.scene = scene;
  }

  Verdict run(int jobs) throws InterruptedException {
    try (Probe probe = Probe.start(new Held())) {
      Numbers first = new Numbers(0, jobs / 2);
      Numbers second = new Numbers(first.size(), jobs - first.size());
      Numbers third = new Numbers(jobs, LONG_JOBS);
      List<Submission> all = new ArrayList<>();
      all.add(scene.submit(new ProbeJobs(first, QUEUE, probe, StopsCheck::hold)));
      awaitRuns(probe, first, first.size() / 2);
      long killedAt = Microseconds.now();
      scene.cluster().killWorker(0);
      scene.console().say("killed worker-0");
      scene.awaitEnd(QUEUE);
      all.add(scene.submit(new ProbeJobs(second, QUEUE, probe, StopsCheck::hold)));
      awaitRuns(probe, second, second.size() / 2);
      stop(1);
      scene.awaitEnd(QUEUE);
      scene.cluster().startWorker(1);
      all.add(scene.submit(new ProbeJobs(third, QUEUE, probe, _ -> BEYOND_GRACE)));
      awaitRuns(probe, third, third.size());
      stop(2);
      scene.awaitEnd(QUEUE);
      RunsByJob runs = RunsByJob.of(probe.runs());
      judgeKill(runs, first, killedAt);
      judgeStop(runs, second);
      judgeHandOver(runs, third);
      long succeeded = scene.count(QUEUE, "SUCCEEDED");
      int wanted = jobs + LONG_JOBS;
      every.check(succeeded == wanted, () -> Console.count(succeeded) + " did");
      List<Promise> promises = new ArrayList<>();
      all.forEach(submission -> promises.add(submission.promises().getFirst()));
      for (PromiseTally tally : List.of(every, killed, once, handed, clean)) {
        promises.add(tally.toPromise());
      }
      return scene.report(promises);
    }
  }

  private void stop(int worker) throws InterruptedException {
    int status = scene.cluster().terminateWorker(worker, GRACE.plusSeconds(20));
    scene.console().say("told worker-%d to stop; it exited with %d".formatted(worker, status));
    clean.check(status == 0, () -> "it exited with " + status);
  }

  private void judgeKill(RunsByJob runs, Numbers numbers, long killedAt) {
    long last = 0;
    for (int number = numbers.first(); number < numbers.first() + numbers.size(); number++) {
      List<Run> each = runs.of(number);
      for (int i = 0; i < each.size(); i++) {
        if (each.get(i).end() == Run.End.CUT) {
          long after = i + 1 < each.size() ? each.get(i + 1).span().start() - killedAt : -1;
          last = Math.max(last, after);
          String what = number + " ran again after " + after / 1_000 + " ms";
          killed.check(after >= 0 && after <= KILLED_WITHIN.toNanos() / 1_000, () -> what);
        }
      }
    }
    scene.console().say("the last of what it ran began again after " + last / 1_000 + " ms");
  }

  private void judgeStop(RunsByJob runs, Numbers numbers) {
    for (int number = numbers.first(); number < numbers.first() + numbers.size(); number++) {
      int times = runs.of(number).size();
      String what = number + " ran " + times + " times";
      once.check(times == 1, () -> what);
    }
  }

  private void judgeHandOver(RunsByJob runs, Numbers numbers) {
    Latencies gaps = new Latencies(numbers.size());
    for (int number = numbers.first(); number < numbers.first() + numbers.size(); number++) {
      List<Run> each = runs.of(number);
      if (each.size() > 1) {
        long micros = each.get(1).span().start() - each.getFirst().span().end();
        gaps.add(Math.max(0, micros) * 1_000);
        String what = number + " was started again after " + micros / 1_000 + " ms";
        handed.check(micros <= STOPPED_WITHIN.toNanos() / 1_000, () -> what);
      }
    }
    scene.console().say(gaps.line("from the interrupt by a stop to the next start"));
  }

  private void awaitRuns(Probe probe, Numbers numbers, int count) throws InterruptedException {
    while (!scene.session().deadline().passed()
        && probe.runs().stream().filter(run -> run.index() >= numbers.first()).count() < count) {
      Pause.real().of(LOOK_EVERY);
    }
  }

  private static Duration hold(int number) {
    return number % LONG_EVERY == 0 ? WITHIN_GRACE : SHORT;
  }
}
