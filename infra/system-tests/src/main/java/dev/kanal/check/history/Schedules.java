package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Each tick of a schedule is exactly one job. */
final class Schedules {
  private final PromiseTally ticks = new PromiseTally("each tick of a schedule is one job");

  private Schedules() {}

  static Promise judge(History history, Runs runs) {
    Schedules schedules = new Schedules();
    Set<String> listed = new HashSet<>();
    for (Ticks ofOne : history.answers().schedules()) {
      schedules.judge(ofOne);
      ofOne.ticks().forEach(tick -> listed.add(tick.job()));
    }
    for (String job : runs.jobs()) {
      if (runs.of(job).getFirst().index() == Run.TICK && !listed.contains(job)) {
        schedules.ticks.broken("job %s of a schedule ran, but is not listed".formatted(job));
      }
    }
    return schedules.ticks.toPromise();
  }

  private void judge(Ticks schedule) {
    TreeMap<Long, String> jobs = new TreeMap<>();
    for (Ticks.Tick tick : schedule.ticks()) {
      String other = jobs.putIfAbsent(tick.at(), tick.job());
      ticks.check(
          other == null,
          () ->
              "schedule %s: tick %s has jobs %s and %s"
                  .formatted(schedule.schedule(), text(tick.at()), other, tick.job()));
    }
    missing(schedule, List.copyOf(jobs.keySet()))
        .forEach(
            at ->
                ticks.broken(
                    "schedule %s: tick %s has no job".formatted(schedule.schedule(), text(at))));
  }

  /** The ticks in the grid of the first that have no job. */
  private static List<Long> missing(Ticks schedule, List<Long> had) {
    long period = schedule.period();
    if (had.isEmpty()) {
      return schedule.until() - schedule.from() < period ? List.of() : List.of(schedule.from());
    }
    long first = had.getFirst();
    while (first - period >= schedule.from()) {
      first -= period;
    }
    Set<Long> with = Set.copyOf(had);
    return LongStream.iterate(
            first, at -> at <= Math.max(had.getLast(), schedule.until()), at -> at + period)
        .filter(at -> !with.contains(at))
        .boxed()
        .toList();
  }

  private static String text(long micros) {
    return Instant.ofEpochMilli(micros / 1_000).toString();
  }
}
