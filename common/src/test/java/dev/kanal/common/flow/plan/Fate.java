package dev.kanal.common.flow.plan;

import java.util.Objects;

/**
 * How everything that a flow does not decide itself turns out: a function of its number, so that
 * two runs in different orders meet the same.
 *
 * @param percent of members that succeed
 * @param kind whether all goes well
 */
record Fate(long number, int percent, boolean kind) {
  private static final int WIDTH_MAX = 9;

  Fate(long number, int percent) {
    this(number, percent, false);
  }

  /** The same, but all goes well. */
  Fate kinder() {
    return new Fate(number, percent, true);
  }

  boolean succeeds(int step, int index, int round) {
    return kind || below(100, "member", step, index, round) < percent;
  }

  /** How many items the array of a step has, or how many are added to it. */
  int width(int step) {
    return below(WIDTH_MAX, "width", step, 0, 0);
  }

  /** Whether somebody closes a step to which members are added. */
  boolean closes(int step) {
    return kind || below(5, "closes", step, 0, 0) > 0;
  }

  /** Whether an event comes, and comes in time. */
  boolean comes(String event) {
    return kind || below(3, event, 0, 0, 0) > 0;
  }

  private int below(int bound, String what, int step, int index, int round) {
    long mixed = Objects.hash(number, what, step, index, round) * 0x9E3779B97F4A7C15L;
    return (int) Long.remainderUnsigned(mixed ^ mixed >>> 29, bound);
  }
}
