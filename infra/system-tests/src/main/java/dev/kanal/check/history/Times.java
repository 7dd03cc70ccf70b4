package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When jobs were started, and how long they ran. */
final class Times {
  /** A call that left its worker in time may arrive later by this. */
  static final long ON_THE_WAY = 1_000_000;

  /** The time that an interrupt may need to take effect. */
  static final long INTERRUPT = 2_000_000;

  private final PromiseTally early = new PromiseTally("no start before its time");
  private final PromiseTally backoff = new PromiseTally("no retry before its back-off");
  private final PromiseTally late = new PromiseTally("no start after its deadline");
  private final PromiseTally timeout = new PromiseTally("no run longer than its time-out");

  private Times() {}

  static List<Promise> judge(History history, Runs runs) {
    Times times = new Times();
    Map<String, JobEnd> ends = new HashMap<>();
    history.ends().forEach(end -> ends.put(end.job(), end));
    for (Accepted job : history.accepted()) {
      Spec spec = history.specs().get(job.index());
      if (spec != null) {
        List<Run> ran = runs.of(job.job());
        times.judgeRuns(job, spec.timing(), ran);
        times.judgeRetries(spec.timing(), ran);
        JobEnd end = ends.get(job.job());
        if (end != null) {
          times.judgeReported(job, spec.timing(), end);
        }
      }
    }
    return List.of(
        times.early.toPromise(),
        times.backoff.toPromise(),
        times.late.toPromise(),
        times.timeout.toPromise());
  }

  private void judgeRuns(Accepted job, Spec.Timing timing, List<Run> ran) {
    for (Run run : ran) {
      long start = run.span().start();
      if (timing.delay() > 0) {
        long before = job.sent() + timing.delay() - start;
        early.check(before <= 0, () -> "%s started %d µs early".formatted(run.text(), before));
      }
      if (timing.deadline() > 0) {
        long after = start - job.sent() - timing.deadline();
        late.check(after <= ON_THE_WAY, () -> "%s started %d µs late".formatted(run.text(), after));
      }
      if (timing.timeout() > 0) {
        long over = run.span().length() - timing.timeout();
        timeout.check(over <= INTERRUPT, () -> "%s ran %d µs too long".formatted(run.text(), over));
      }
    }
  }

  private void judgeRetries(Spec.Timing timing, List<Run> ran) {
    for (int i = 1; i < ran.size(); i++) {
      Run before = ran.get(i - 1);
      Run retry = ran.get(i);
      if (timing.leastBackoff() > 0
          && before.end() == Run.End.FAILED
          && retry.attempt() == before.attempt() + 1) {
        long waited = retry.span().start() - before.span().end();
        backoff.check(
            waited >= timing.leastBackoff(),
            () ->
                "%s came %d µs after the last, not %d"
                    .formatted(retry.text(), waited, timing.leastBackoff()));
      }
    }
  }

  /** The same by the clocks of the workers, which are free of network delay. */
  private void judgeReported(Accepted job, Spec.Timing timing, JobEnd end) {
    for (JobEnd.Tried tried : end.attempts()) {
      String text =
          "job %s, attempt %d (%s), by its worker,"
              .formatted(end.job(), tried.number(), tried.outcome());
      if (timing.delay() > 0) {
        long before = job.sent() + timing.delay() - tried.started();
        early.check(before <= 0, () -> "%s started %d µs early".formatted(text, before));
      }
      if (timing.deadline() > 0 && !tried.isUnstarted()) {
        long after = tried.started() - job.sent() - timing.deadline();
        late.check(after <= 0, () -> "%s started %d µs late".formatted(text, after));
      }
    }
  }
}
