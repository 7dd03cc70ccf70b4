package dev.kanal.worker.queues;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How a channel stands with {@link LanePlan}. One that is new has no state yet.
 *
 * <pre>
 *   new ──────▶ OPEN ◀──▶ OPEN, watched ──▶ DORMANT ◀── new
 *               │  ▲                           │
 *          turn │  │ room                      │ a task
 *               ▼  │                           │
 *   new ──────▶ WAITING ◀──────────────────────┘
 * </pre>
 */
sealed interface ChannelState {
  /** From which offsets the channel is watched; empty if it is not. */
  Map<TopicPartition, Long> watched();

  /**
   * It has lanes.
   *
   * @param ends of its partitions; empty until they are first seen
   * @param movedNanos when something was last seen to move
   * @param watchedNanos since when it is watched; null if it is not
   */
  record Open(
      Map<TopicPartition, Long> ends, long movedNanos, @Nullable Long watchedNanos, Turn turn)
      implements ChannelState {
    static Open beginning(Turn turn) {
      return new Open(Map.of(), turn.nanos, null, turn);
    }

    @Override
    public Map<TopicPartition, Long> watched() {
      return watchedNanos == null ? Map.of() : ends;
    }

    /** The same with something in it that has moved, so that it is not idle. */
    Open moved(Map<TopicPartition, Long> newEnds, long nowNanos) {
      return new Open(newEnds, nowNanos, null, turn);
    }

    /** Whether it is to be watched now, or has been for long enough. */
    boolean isIdle(Duration patience, Duration overlap, long nowNanos) {
      if (ends.isEmpty()) {
        return false;
      }
      return watchedNanos == null
          ? nowNanos - movedNanos >= patience.toNanos()
          : nowNanos - watchedNanos >= overlap.toNanos();
    }

    /** The next state of an idle channel of which everything is settled. */
    ChannelState less(long nowNanos) {
      return watchedNanos == null
          ? new Open(ends, movedNanos, nowNanos, turn)
          : new Dormant(ends, false, nowNanos);
    }
  }

  /**
   * It has no lanes, and gets some when something comes.
   *
   * @param watched never empty
   * @param doubtful there was something in it already, about which its group is still to be asked
   * @param checkedNanos when its ends were found last
   */
  record Dormant(Map<TopicPartition, Long> watched, boolean doubtful, long checkedNanos)
      implements ChannelState {
    /** Whether something has come, if these are the ends now. */
    boolean isPassedBy(Map<TopicPartition, Long> ends) {
      return ends.entrySet().stream()
          .anyMatch(each -> each.getValue() > watched.getOrDefault(each.getKey(), 0L));
    }

    /** Whether its group is still to be asked, about these offsets. */
    boolean isDoubtful(Map<TopicPartition, Long> offsets) {
      return doubtful && watched.equals(offsets);
    }

    Dormant settled() {
      return new Dormant(watched, false, checkedNanos);
    }

    /**
     * Nothing has come, but its topic may have more partitions now.
     *
     * @param ends empty if they were not found
     */
    Dormant checked(Map<TopicPartition, Long> ends, long nowNanos) {
      return new Dormant(ends.isEmpty() ? watched : ends, doubtful, nowNanos);
    }
  }

  /**
   * It has no lanes, and gets some as soon as it is its turn.
   *
   * @param number in the line
   */
  record Waiting(long number) implements ChannelState {
    @Override
    public Map<TopicPartition, Long> watched() {
      return Map.of();
    }
  }

  /**
   * The beginning of a turn.
   *
   * @param arrived how many tasks had come through the channel
   */
  record Turn(long nanos, long arrived) {
    /** How many times as long a turn is in which no task has come. */
    static final int UNSERVED_TURNS = 4;

    /** Members that have just joined wait for their first task: such a turn is longer. */
    boolean isOver(Duration length, long arrivedNow, long nowNanos) {
      long turns = arrivedNow > arrived ? 1 : UNSERVED_TURNS;
      return nowNanos - nanos >= turns * length.toNanos();
    }
  }
}
