package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was answered to cancels and to repeated submissions. */
final class Calls {
  static final long REACH = 5_000_000;
  static final long REACH_WHEN_KILLED = 60_000_000;
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int MISMATCH = 422;

  private final PromiseTally holds =
      new PromiseTally("a cancel answered 200 is never undone by a success");
  private final PromiseTally conflict =
      new PromiseTally("a cancel answered 409 came after another end");
  private final PromiseTally reach = new PromiseTally("a cancel ends the run under way");
  private final PromiseTally one = new PromiseTally("an idempotent repeat is the same job");
  private final PromiseTally mismatch =
      new PromiseTally("the same idempotency key with another body: 422");
  private final History history;
  private final Runs runs;

  private Calls(History history, Runs runs) {
    this.history = history;
    this.runs = runs;
  }

  static List<Promise> judge(History history, Runs runs) {
    Calls calls = new Calls(history, runs);
    Map<String, JobEnd> ends = new HashMap<>();
    history.ends().forEach(end -> ends.put(end.job(), end));
    Set<String> accepted = new HashSet<>();
    history.accepted().forEach(job -> accepted.add(job.job()));
    for (Cancel cancel : history.answers().cancels()) {
      // The end of a job whose submit was never answered was not read.
      if (accepted.contains(cancel.job())) {
        JobEnd end = ends.get(cancel.job());
        calls.judgeCancel(cancel, end == null ? "" : end.state());
      }
    }
    Map<Integer, Set<String>> ranAs = new HashMap<>();
    history
        .runs()
        .forEach(run -> ranAs.computeIfAbsent(run.index(), _ -> new HashSet<>()).add(run.job()));
    for (Repeat repeat : history.answers().repeats()) {
      calls.judgeRepeat(repeat, ranAs.getOrDefault(repeat.index(), Set.of()));
    }
    return List.of(
        calls.holds.toPromise(),
        calls.conflict.toPromise(),
        calls.reach.toPromise(),
        calls.one.toPromise(),
        calls.mismatch.toPromise());
  }

  private void judgeCancel(Cancel cancel, String state) {
    String text = "job %s (number %d)".formatted(cancel.job(), cancel.index());
    switch (cancel.status()) {
      case OK -> {
        holds.check(
            state.equals("CANCELLED"),
            () -> "%s: cancelled with 200, but it is %s".formatted(text, state));
        runs.of(cancel.job()).forEach(run -> judgeReach(cancel, run));
      }
      case CONFLICT ->
          conflict.check(
              Set.of("SUCCEEDED", "DEAD", "EXPIRED").contains(state),
              () -> "%s: the cancel was answered 409, but it is %s".formatted(text, state));
      default -> holds.broken("%s: the cancel was answered %d".formatted(text, cancel.status()));
    }
  }

  private void judgeReach(Cancel cancel, Run run) {
    long by = cancel.answered() + (history.killed() ? REACH_WHEN_KILLED : REACH);
    if (run.span().start() <= cancel.answered() && run.span().end() > cancel.answered()) {
      reach.check(
          run.span().end() <= by,
          () ->
              "%s ran on for %d ms after its cancel"
                  .formatted(run.text(), (run.span().end() - cancel.answered()) / 1_000));
    }
  }

  private void judgeRepeat(Repeat repeat, Set<String> ranAs) {
    Set<String> jobs = new HashSet<>(repeat.jobs());
    jobs.addAll(ranAs);
    one.check(
        jobs.size() == 1,
        () ->
            "number %d was submitted %d times with one key and is %s"
                .formatted(repeat.index(), repeat.answers(), jobs));
    mismatch.check(
        repeat.otherBody() == MISMATCH,
        () ->
            "number %d: another body was answered %d"
                .formatted(repeat.index(), repeat.otherBody()));
  }
}
