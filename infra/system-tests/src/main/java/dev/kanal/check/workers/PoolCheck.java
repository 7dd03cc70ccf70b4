package dev.kanal.check.workers;

import dev.kanal.check.load.Submission;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Deadline;
import dev.kanal.check.server.Pause;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** A burst of jobs on one worker: its pool grows, and shrinks again. */
final class PoolCheck {
  static final int MIN = 4;
  static final int MAX = 200;

  private static final Duration EACH = Duration.ofMillis(20);
  private static final int WARM_UP = 30_000;
  private static final int TIMES_IDEAL = 3;
  private static final Duration BACK_WITHIN = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final String QUEUE = "burst";

  private final PromiseTally quick =
      new PromiseTally("the backlog is gone within " + TIMES_IDEAL + " times the ideal time");
  private final PromiseTally back =
      new PromiseTally("the pool is back at its least within " + Console.time(BACK_WITHIN));
  private final PromiseTally all = new PromiseTally("every job succeeds");
  private final Scene scene;
  private final Console console;

  PoolCheck(Scene scene) {
    this.scene = scene;
    this.console = scene.console();
  }

  Verdict run(int jobs) throws InterruptedException {
    List<Promise> promises = new ArrayList<>(warmUp());
    int before = sizes().changes().size();
    LocalTime start = LocalTime.now(ZoneId.of("UTC"));
    long begun = System.nanoTime();
    Submission submission = scene.submit(new SleepJobs(jobs, QUEUE, EACH));
    Duration submitted = Duration.ofNanos(System.nanoTime() - begun);
    scene.awaitEnd(QUEUE);
    Duration gone = Duration.ofNanos(System.nanoTime() - begun);
    boolean shrunk = awaitLeast();
    Duration backAfter = Duration.ofNanos(System.nanoTime() - begun).minus(gone);

    Duration ideal = EACH.multipliedBy(jobs).dividedBy(MAX);
    console.say(
        "%s jobs of %d ms on one worker with %d to %d slots: submitted in %s, gone after %s; ideal %s"
            .formatted(
                Console.count(jobs),
                EACH.toMillis(),
                MIN,
                MAX,
                Console.time(submitted),
                Console.time(gone),
                Console.time(ideal)));
    console.say("pool over time, from the first submit:");
    sizes().after(before).table(start).forEach(console::say);
    quick.check(
        gone.compareTo(ideal.multipliedBy(TIMES_IDEAL)) <= 0,
        () -> "it took " + Console.time(gone));
    back.check(shrunk, () -> "it still had more after " + Console.time(backAfter));
    long succeeded = scene.count(QUEUE, "SUCCEEDED");
    all.check(
        succeeded == jobs + (long) WARM_UP,
        () -> Console.count(succeeded) + " of " + Console.count(jobs + WARM_UP));
    promises.addAll(submission.promises());
    promises.addAll(List.of(quick.toPromise(), back.toPromise(), all.toPromise()));
    return scene.report(promises);
  }

  /** So that topics exist, groups are joined and code is compiled; the pool is small again then. */
  private List<Promise> warmUp() throws InterruptedException {
    Submission submission = scene.submit(new SleepJobs(WARM_UP, QUEUE, EACH));
    scene.awaitEnd(QUEUE);
    awaitLeast();
    return submission.promises();
  }

  private boolean awaitLeast() throws InterruptedException {
    Deadline deadline = Deadline.after(BACK_WITHIN, System::nanoTime);
    while (sizes().size(MIN) > MIN && !deadline.passed()) {
      Pause.real().of(LOOK_EVERY);
    }
    return sizes().size(MIN) == MIN;
  }

  private PoolSizes sizes() {
    return PoolSizes.read(scene.cluster().printedByWorker(0), QUEUE);
  }
}
