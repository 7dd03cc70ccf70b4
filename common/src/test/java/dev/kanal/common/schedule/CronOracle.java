package dev.kanal.common.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Finds ticks by watching the clock on the wall step by step, as a person in front of it would;
 * independent of how {@link Cron} computes.
 */
final class CronOracle {
  private static final int DAY_SECONDS = 86_400;

  /** What an expression means: which days, which seconds of the day, and which of the DST rules. */
  record Meaning(Predicate<LocalDate> days, IntPredicate secondOfDay, boolean realTime) {}

  /** The stretch that is watched, and the time between two looks in seconds. */
  record Watch(ZoneId zone, Instant from, Instant to, int stepSeconds) {}

  private final Watch watch;
  private final Meaning meaning;
  private final long firstDay;

  /** Per day of the calendar: whether it matches. */
  private final boolean[] days;

  /** Per step of a day: whether it matches. */
  private final boolean[] times;

  private long[] found = new long[1024];
  private int count;

  private CronOracle(Watch watch, Meaning meaning) {
    this.watch = watch;
    this.meaning = meaning;
    this.firstDay = LocalDate.ofInstant(watch.from(), ZoneOffset.UTC).toEpochDay() - 2;
    long lastDay = LocalDate.ofInstant(watch.to(), ZoneOffset.UTC).toEpochDay() + 2;
    this.days = new boolean[(int) (lastDay - firstDay + 1)];
    for (int i = 0; i < days.length; i++) {
      days[i] = meaning.days().test(LocalDate.ofEpochDay(firstDay + i));
    }
    this.times = new boolean[DAY_SECONDS / watch.stepSeconds()];
    for (int i = 0; i < times.length; i++) {
      times[i] = meaning.secondOfDay().test(i * watch.stepSeconds());
    }
  }

  /** The ticks from {@code from} (inclusive) to {@code to} (exclusive), as epoch seconds. */
  static long[] ticks(Watch watch, Meaning meaning) {
    var oracle = new CronOracle(watch, meaning);
    oracle.run();
    return Arrays.copyOf(oracle.found, oracle.count);
  }

  private void run() {
    long step = watch.stepSeconds();
    long newest = wall(watch.from().getEpochSecond() - step);
    for (long now = watch.from().getEpochSecond(); now < watch.to().getEpochSecond(); now += step) {
      long wall = wall(now);
      boolean fires = meaning.realTime() ? matches(wall) : anyAfter(newest, wall);
      if (fires) {
        add(now);
      }
      newest = Math.max(newest, wall);
    }
  }

  /** Whether the clock on the wall has passed a match that it had not shown or passed before. */
  private boolean anyAfter(long newest, long wall) {
    for (long at = newest + watch.stepSeconds(); at <= wall; at += watch.stepSeconds()) {
      if (matches(at)) {
        return true;
      }
    }
    return false;
  }

  /** What the clock on the wall shows, as seconds of a calendar without zones. */
  private long wall(long now) {
    return now + watch.zone().getRules().getOffset(Instant.ofEpochSecond(now)).getTotalSeconds();
  }

  private boolean matches(long wall) {
    int day = (int) (Math.floorDiv(wall, DAY_SECONDS) - firstDay);
    return days[day] && times[Math.floorMod(wall, DAY_SECONDS) / watch.stepSeconds()];
  }

  private void add(long tick) {
    if (count == found.length) {
      found = Arrays.copyOf(found, count * 2);
    }
    found[count++] = tick;
  }
}
