package dev.kanal.worker;

import dev.kanal.common.job.TokenHash;

/**
 * Thrown by a handler whose work goes on outside. The job stays {@code RUNNING} without a slot,
 * until {@code POST /v1/jobs/{id}/complete} names the token, or until the attempt's time is up,
 * which counts as a failure.
 */
public final class Park extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient TokenHash token;

  /**
   * @param token that completes the attempt: one that nobody can guess, and that is never used
   *     again
   */
  public Park(TokenHash token) {
    super("The attempt is to be completed by its token", null, false, false);
    this.token = token;
  }

  public TokenHash token() {
    return token;
  }
}
