package dev.kanal.check.history;

import dev.kanal.check.promise.PromiseTally;

/**
 * Whether times keep to a rate: in any window at most the permits, and those that its length adds.
 */
final class TokenBucket {
  /** Times of the log are whole milliseconds. */
  private static final long ROUNDING = 1_000;

  private TokenBucket() {}

  /**
   * @param times in microseconds, in order
   * @param slack by which a window counts as longer
   */
  static void judge(
      long[] times, Limits.Rate rate, long slack, String queue, PromiseTally promise) {
    double perMicro = (double) rate.permits() / rate.per();
    double most = rate.permits() + perMicro * (slack + ROUNDING);
    double tokens = most;
    long last = times.length == 0 ? 0 : times[0];
    for (long time : times) {
      tokens = Math.min(most, tokens + (time - last) * perMicro);
      last = time;
      double left = tokens - 1;
      promise.check(
          left >= -1e-6,
          () ->
              "queue %s: expected at most %d per %d ms, but one more came at %d ms"
                  .formatted(queue, rate.permits(), rate.per() / 1_000, time / 1_000));
      tokens = Math.max(0, left);
    }
  }
}
