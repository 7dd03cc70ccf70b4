package dev.kanal.common.flow;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Owner;
import java.time.Duration;

/** Where the items of a map come from. */
public sealed interface Over {
  /**
   * The elements of an array, which is known when the step starts.
   *
   * @param array a template: the reference to an array, or an array with references in it
   */
  record Items(JsonBytes array) implements Over {}

  /**
   * Numbers: {@code from}, {@code from + by} and so on, below {@code to}.
   *
   * @param by from 1
   */
  record Range(long from, long to, long by) implements Over {
    public Range {
      Bounds.check("by", by, 1, Long.MAX_VALUE);
      if (to < from) {
        throw new IllegalArgumentException(
            "Expected to of at least from, " + from + ", but got " + to);
      }
      // The difference of two longs fits an unsigned one.
      long width = Long.divideUnsigned(to - from, by);
      if (Long.compareUnsigned(width, Owner.INDICES) > 0 || count(to - from, by) > Owner.INDICES) {
        throw new IllegalArgumentException(
            "Expected a range of at most "
                + Owner.INDICES
                + " items, but from "
                + from
                + " to "
                + to
                + " by "
                + by
                + " are "
                + Long.toUnsignedString(width)
                + " or more");
      }
    }

    /** How many items there are. */
    public int width() {
      return (int) count(to - from, by);
    }

    /** The item of this number. */
    public JsonBytes item(int index) {
      return JsonBytes.of(Long.toString(from + index * by));
    }

    private static long count(long distance, long by) {
      return Long.divideUnsigned(distance, by)
          + (Long.remainderUnsigned(distance, by) == 0 ? 0 : 1);
    }
  }

  /**
   * Items that are added from outside while the step runs, until somebody says that there are no
   * more.
   *
   * @param idle the step fails if nothing is added and nobody closes it for this long
   */
  record Stream(Duration idle) implements Over {
    public static final Duration IDLE_MIN = Duration.ofSeconds(1);
    public static final Duration IDLE_MAX = Duration.ofDays(30);
    public static final Duration IDLE_DEFAULT = Duration.ofHours(1);

    public Stream {
      Bounds.check("idle", idle, IDLE_MIN, IDLE_MAX);
    }
  }
}
