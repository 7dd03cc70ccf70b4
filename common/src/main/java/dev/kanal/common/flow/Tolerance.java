package dev.kanal.common.flow;

import dev.kanal.common.job.Owner;

/** How many members of a step may fail before the step does. */
public sealed interface Tolerance {
  /** So many, judged at once. */
  record Failures(int most) implements Tolerance {
    public static final Failures NONE = new Failures(0);

    public Failures {
      Bounds.check("tolerate.failures", most, 0, Owner.INDICES);
    }
  }

  /** A share of the members; judged when it is known how many there are. */
  record Percent(int most) implements Tolerance {
    public Percent {
      Bounds.check("tolerate.percent", most, 0, 100);
    }
  }

  /**
   * Whether too many have failed.
   *
   * @param width how many members there are
   * @param sealed whether that is known to be all
   */
  default boolean isExceeded(int failed, int width, boolean sealed) {
    return switch (this) {
      case Failures(int most) -> failed > most;
      case Percent(int most) -> sealed && failed * 100L > (long) most * width;
    };
  }
}
