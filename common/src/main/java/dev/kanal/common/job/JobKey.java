package dev.kanal.common.job;

/**
 * The ordering key of a job: jobs of one queue with the same key start in submit order, at most
 * {@code limit} at once. If jobs of a key disagree about the limit, that of the latest submit
 * counts.
 *
 * @param value 1 to {@link #MAX} characters, without U+0000
 * @param limit 1 to {@link #LIMIT_MAX}
 */
public record JobKey(String value, int limit) {
  /** Longest key, in characters. */
  public static final int MAX = 256;

  public static final int LIMIT_MAX = 1_000;

  public JobKey {
    Texts.check("key", value, MAX);
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "Expected keyLimit from 1 to " + LIMIT_MAX + ", but got " + limit);
    }
  }
}
