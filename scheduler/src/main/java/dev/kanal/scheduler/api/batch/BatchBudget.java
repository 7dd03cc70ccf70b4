package dev.kanal.scheduler.api.batch;

import dev.kanal.common.door.Places;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.door.ClientPlaces;
import dev.kanal.scheduler.api.problem.Problem;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all batch uploads of a node may use together. What may be under way to Kafka is shared
 * evenly, so that many requests at once get little each rather than an error.
 */
public final class BatchBudget {
  /** How many lines one request may have under way to Kafka. */
  static final int LINES_MAX = 2_000;

  /** How many bytes of lines one request may have under way to Kafka. */
  static final long BYTES_MAX = 8L << 20;

  /** How many batch uploads run at the same time; one client alone gets half of them. */
  static final int REQUESTS_MAX = 200;

  private static final int LINES_TOTAL = 16_000;
  private static final long BYTES_TOTAL = 32L << 20;
  private static final long SPOOL_TOTAL = 2L << 30;

  private final Places requests = new Places(REQUESTS_MAX);
  private final AtomicLong spooled = new AtomicLong();

  private final AnswerSpool.Bounds bounds;

  /** What each request may keep of answers that are not read yet stands in {@code bounds}. */
  public BatchBudget(AnswerSpool.Bounds bounds) {
    this.bounds = bounds;
  }

  AnswerSpool.Bounds bounds() {
    return bounds;
  }

  /** Whether one more request may run; it says so by {@link #leave} when it is over. */
  boolean enter(String client) {
    return requests.enter(client);
  }

  void leave(String client) {
    requests.leave(client);
  }

  /** The refusal of one too many. */
  Problem full() {
    return Problem.later(
        ErrorCode.OVERLOADED,
        "Expected at most " + ClientPlaces.limits(requests, "bulk requests") + ", but got more",
        1);
  }

  /** How many batch uploads run. */
  int requests() {
    return requests.taken();
  }

  /** How much room on disk is taken. */
  long spooled() {
    return spooled.get();
  }

  int lines() {
    return Math.min(LINES_MAX, LINES_TOTAL / Math.max(1, requests.taken()));
  }

  long bytes() {
    return Math.min(BYTES_MAX, BYTES_TOTAL / Math.max(1, requests.taken()));
  }

  /** Takes room on disk for answers, if there is some. */
  boolean takeSpool(long bytes) {
    if (spooled.addAndGet(bytes) > SPOOL_TOTAL) {
      spooled.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveSpool(long bytes) {
    spooled.addAndGet(-bytes);
  }
}
