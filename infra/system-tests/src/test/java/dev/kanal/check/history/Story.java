package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A history that a test describes; times are in milliseconds from {@link #ZERO}. */
final class Story {
  static final long ZERO = 1_700_000_000_000_000L;

  private final Map<Integer, Spec> specs = new HashMap<>();
  private final List<Accepted> accepted = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final Map<String, JobEnd> ends = new HashMap<>();
  private final List<Cancel> cancels = new ArrayList<>();
  private final List<Repeat> repeats = new ArrayList<>();
  private final List<Ticks> schedules = new ArrayList<>();
  private final List<Dispatch> dispatches = new ArrayList<>();
  private final Set<String> unsure = new HashSet<>();
  private Limits limits = Limits.NONE;
  private long sent;
  private boolean killed;

  static long at(long ms) {
    return ZERO + ms * 1_000;
  }

  static String id(int index) {
    return "job-" + index;
  }

  /** When the jobs that follow are sent. */
  Story sentAt(long ms) {
    sent = ms;
    return this;
  }

  /** A job of queue q that is sent at 0. */
  Story job(int index) {
    return job(index, spec -> spec);
  }

  Story job(int index, UnaryOperator<Spec> more) {
    Spec plain = new Spec(index, "plain", "q", null, Spec.Timing.NONE, 3, Set.of("SUCCEEDED"));
    specs.put(index, more.apply(plain));
    accepted.add(new Accepted(index, id(index), at(sent), at(sent + 5)));
    return this;
  }

  Story keyed(int index, String key, int limit) {
    return job(index, spec -> keyed(spec, key, limit));
  }

  static Spec timed(Spec spec, Spec.Timing timing) {
    return new Spec(
        spec.index(),
        spec.kind(),
        spec.queue(),
        spec.key(),
        timing,
        spec.maxAttempts(),
        spec.ends());
  }

  static Spec in(Spec spec, String queue) {
    return new Spec(
        spec.index(),
        spec.kind(),
        queue,
        spec.key(),
        spec.timing(),
        spec.maxAttempts(),
        spec.ends());
  }

  static Spec ending(Spec spec, String... states) {
    return new Spec(
        spec.index(),
        spec.kind(),
        spec.queue(),
        spec.key(),
        spec.timing(),
        spec.maxAttempts(),
        Set.of(states));
  }

  private static Spec keyed(Spec spec, String key, int limit) {
    return new Spec(
        spec.index(),
        spec.kind(),
        spec.queue(),
        new Spec.Key(key, limit),
        spec.timing(),
        spec.maxAttempts(),
        spec.ends());
  }

  /** Which attempt a run is, and which dispatch. */
  record Nth(int attempt, int dispatch) {}

  /** The first attempt, succeeding. */
  Story run(int index, long from, long to) {
    return run(index, new Nth(1, 1), from, to, Run.End.SUCCEEDED);
  }

  Story run(int index, Nth nth, long from, long to, Run.End end) {
    runs.add(
        new Run(
            runs.size() + 1,
            id(index),
            index,
            nth.attempt,
            nth.dispatch,
            new Run.Span(at(from), at(to)),
            end));
    return this;
  }

  /** The job succeeded with the result of its last run. */
  Story done(int index, long finished) {
    long last =
        runs.stream().filter(run -> run.index() == index).mapToLong(Run::number).max().orElse(-1);
    return end(index, "SUCCEEDED", last, finished);
  }

  Story end(int index, String state, long resultRun, long finished) {
    int attempt =
        runs.stream().filter(run -> run.index() == index).mapToInt(Run::attempt).max().orElse(0);
    return end(new JobEnd(id(index), state, "", resultRun, attempt, at(finished), List.of(), ""));
  }

  Story end(JobEnd end) {
    ends.put(end.job(), end);
    return this;
  }

  Story cancelled(int index, int status, long answered) {
    cancels.add(new Cancel(id(index), index, status, at(answered)));
    return this;
  }

  Story repeated(Repeat repeat) {
    repeats.add(repeat);
    return this;
  }

  Story schedule(long from, long until, long... ticks) {
    List<Ticks.Tick> jobs = new ArrayList<>();
    for (long tick : ticks) {
      jobs.add(new Ticks.Tick("tick-" + jobs.size(), at(tick)));
    }
    schedules.add(new Ticks("every-second", 1_000_000, at(from), at(until), jobs));
    return this;
  }

  Story ranForATick(String job) {
    runs.add(new Run(99, job, Run.TICK, 1, 1, new Run.Span(at(0), at(1)), Run.End.SUCCEEDED));
    return this;
  }

  Story limited(Limits by) {
    limits = by;
    return this;
  }

  Story dispatched(String queue, long... times) {
    for (long time : times) {
      dispatches.add(new Dispatch("any", queue, at(time)));
    }
    return this;
  }

  Story unsure(String key) {
    unsure.add(key);
    return this;
  }

  Story killed() {
    killed = true;
    return this;
  }

  History history() {
    return new History(
        specs,
        accepted,
        runs,
        List.copyOf(ends.values()),
        new History.Answers(cancels, repeats, schedules),
        limits,
        dispatches,
        unsure,
        killed);
  }

  /** The promises that the judge finds broken. */
  List<String> broken() {
    return Judge.judge(history()).stream()
        .filter(promise -> promise.violations() > 0)
        .map(Promise::text)
        .toList();
  }

  long checked(String promise) {
    return Judge.judge(history()).stream()
        .filter(one -> one.text().equals(promise))
        .mapToLong(Promise::checked)
        .sum();
  }
}
