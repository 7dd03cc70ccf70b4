package dev.kanal.check.history;

import java.util.Set;

/**
 * Submissions of one job with one idempotency key.
 *
 * @param jobs the ids that were answered
 * @param otherBody status of the answer to another body with the same key
 */
public record Repeat(int index, int answers, Set<String> jobs, int otherBody) {
  public Repeat {
    jobs = Set.copyOf(jobs);
  }
}
