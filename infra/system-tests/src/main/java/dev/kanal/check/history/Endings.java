package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of each accepted job. */
final class Endings {
  private final History history;
  private final Runs runs;
  private final PromiseTally ended = new PromiseTally("every accepted job ends");
  private final PromiseTally right = new PromiseTally("each ends in a state that it may end in");
  private final PromiseTally stays = new PromiseTally("what is final stays as it is");
  private final PromiseTally result = new PromiseTally("a result is that of one run of its job");
  private final PromiseTally attempts = new PromiseTally("no more attempts than maxAttempts");

  private Endings(History history, Runs runs) {
    this.history = history;
    this.runs = runs;
  }

  static List<Promise> judge(History history, Runs runs) {
    Endings endings = new Endings(history, runs);
    Map<String, JobEnd> ends = new HashMap<>();
    history.ends().forEach(end -> ends.put(end.job(), end));
    for (Accepted job : history.accepted()) {
      endings.judge(job, ends.get(job.job()));
    }
    return List.of(
        endings.ended.toPromise(),
        endings.right.toPromise(),
        endings.stays.toPromise(),
        endings.result.toPromise(),
        endings.attempts.toPromise());
  }

  private void judge(Accepted job, @Nullable JobEnd end) {
    Spec spec = history.specs().get(job.index());
    String text = "job %s (number %d, %s)".formatted(job.job(), job.index(), kind(spec));
    if (end == null || !end.isFinal()) {
      ended.broken(text + " did not end");
      return;
    }
    ended.kept();
    if (spec != null) {
      right.check(
          spec.ends().contains(end.state()),
          () ->
              "%s: expected one of %s, but it is %s %s"
                  .formatted(text, spec.ends(), end.state(), end.reason()));
      int most =
          runs.of(job.job()).stream().mapToInt(Run::attempt).reduce(end.attempt(), Math::max);
      attempts.check(
          most <= spec.maxAttempts(),
          () ->
              "%s: expected at most %d attempts, but there were %d"
                  .formatted(text, spec.maxAttempts(), most));
    }
    stays.check(
        end.later().isEmpty(),
        () -> "%s was %s, later %s".formatted(text, end.state(), end.later()));
    if (end.state().equals("SUCCEEDED")) {
      result.check(
          isOfARun(job.job(), end.resultRun()),
          () ->
              "%s has the result of run %d, which is none of its own that succeeded"
                  .formatted(text, end.resultRun()));
    }
  }

  private boolean isOfARun(String job, long number) {
    return runs.of(job).stream()
        .anyMatch(run -> run.number() == number && run.end() == Run.End.SUCCEEDED);
  }

  private static String kind(@Nullable Spec spec) {
    return spec == null ? "unknown" : spec.kind();
  }
}
