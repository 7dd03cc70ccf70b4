package dev.kanal.check.history;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The submission of one job, as far as promises depend on it.
 *
 * @param index its number in the run; of one key, in the order of submission
 * @param key null for none
 * @param timing in microseconds
 * @param ends the states that it may end in; a cancel that was answered narrows them
 */
public record Spec(
    int index,
    String kind,
    String queue,
    @Nullable Key key,
    Timing timing,
    int maxAttempts,
    Set<String> ends) {
  public Spec {
    ends = Set.copyOf(ends);
  }

  /** A key and how many of its jobs may be admitted at once. */
  public record Key(String name, int limit) {}

  /**
   * Lengths of time; absolute times are in {@link Accepted}, as they are chosen when it is sent.
   *
   * @param delay before the first start; 0 for none
   * @param deadline after it is sent; 0 for none
   * @param timeout of an attempt; 0 for one that cannot matter
   * @param leastBackoff before the second attempt, jitter taken off
   */
  public record Timing(long delay, long deadline, long timeout, long leastBackoff) {
    public static final Timing NONE = new Timing(0, 0, 0, 0);
  }
}
