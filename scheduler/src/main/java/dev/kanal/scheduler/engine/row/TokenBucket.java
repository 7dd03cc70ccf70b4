package dev.kanal.scheduler.engine.row;

import dev.kanal.common.queue.Rate;
import dev.kanal.scheduler.engine.table.Codec;

/**
 * A token bucket as one number: the time at which it will be full (the generic cell rate algorithm,
 * ITU-T I.371). It is full at first.
 *
 * @param fullNanos since the epoch
 * @param armedMs a timer waits for its next token until then; 0 without
 */
public record TokenBucket(long fullNanos, long armedMs) {
  public static final TokenBucket FULL = new TokenBucket(0, 0);

  static final Codec<TokenBucket> CODEC =
      Codec.of(
          (out, bucket) -> out.putFixedLong(bucket.fullNanos).putLong(bucket.armedMs),
          (in, _) -> new TokenBucket(in.getFixedLong(), in.getLong()));

  private static final long NANOS = 1_000_000;

  public boolean hasToken(Rate rate, long nowMs) {
    return nextMs(rate) <= nowMs;
  }

  /** When there is a token. */
  public long nextMs(Rate rate) {
    return Math.ceilDiv(fullNanos - rate.per().toNanos() + perToken(rate), NANOS);
  }

  public TokenBucket take(Rate rate, long nowMs) {
    return new TokenBucket(Math.max(fullNanos, nowMs * NANOS) + perToken(rate), armedMs);
  }

  public TokenBucket armed(long atMs) {
    return new TokenBucket(fullNanos, atMs);
  }

  private static long perToken(Rate rate) {
    return Math.ceilDiv(rate.per().toNanos(), (long) rate.permits());
  }
}
