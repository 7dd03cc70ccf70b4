package dev.kanal.common.job;

/**
 * Makes submits repeatable: of all submits with the same key within one queue and job key, the
 * first makes the job. The key lives as long as its job.
 *
 * @param key 1 to {@link #MAX} characters, without U+0000
 * @param bodyHi of a hash over the submitted body; a repeat with another body is refused
 */
public record Idempotency(String key, long bodyHi, long bodyLo) {
  /** Longest key, in characters. */
  public static final int MAX = 256;

  public Idempotency {
    Texts.check("idempotencyKey", key, MAX);
  }
}
