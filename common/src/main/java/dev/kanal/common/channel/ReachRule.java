package dev.kanal.common.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/**
 * Judges whether Kafka can be reached, by what it answered and what it did not. Pure: the time is
 * passed in, from one monotonic clock. Usable from any thread.
 *
 * <p>Kafka is out of reach if it answered none of several requests for {@link #AWAY_AFTER}, or if
 * it accepts nothing: a value failed, none was accepted since that was sent, and a further one
 * fails as well. It is back once it accepts a value.
 */
final class ReachRule {
  /** Once Kafka has answered nothing for this long, nothing waits for an answer any longer. */
  static final Duration SILENT_AFTER = Duration.ofMillis(1_500);

  static final Duration AWAY_AFTER = Duration.ofSeconds(3);

  /** A process that stood still finds one request unanswered, but not two. */
  private static final int MISSES = 2;

  @GuardedBy("this")
  private boolean asking;

  @GuardedBy("this")
  private long askedNanos;

  @GuardedBy("this")
  private int misses;

  @GuardedBy("this")
  private boolean suspected;

  @GuardedBy("this")
  private boolean everTook;

  @GuardedBy("this")
  private long tookNanos;

  @GuardedBy("this")
  private State state = State.IN_REACH;

  /** The states of Kafka. */
  enum State {
    IN_REACH,
    /** It answers nothing. */
    SILENT,
    /** It answers requests, but accepts no values. */
    CLOSED;

    boolean away() {
      return this != IN_REACH;
    }
  }

  synchronized State state() {
    return state;
  }

  /** Whether to probe with a value rather than with a request. */
  synchronized boolean wantsProof() {
    return suspected || state.away();
  }

  /** A request is sent; notes since when Kafka answers nothing. */
  synchronized void asked(long nanos) {
    if (!asking) {
      asking = true;
      askedNanos = nanos;
    }
  }

  /** Kafka has answered a request. */
  synchronized void answered() {
    asking = false;
    misses = 0;
  }

  /** Kafka has not answered a request in time. */
  synchronized void missed(long nanos) {
    misses++;
    if (!state.away() && misses >= MISSES && silentFor(nanos) >= AWAY_AFTER.toNanos()) {
      state = State.SILENT;
    }
  }

  /** Kafka has accepted a value. */
  synchronized void took(long nanos) {
    answered();
    everTook = true;
    tookNanos = nanos;
    suspected = false;
    state = State.IN_REACH;
  }

  /**
   * Kafka has not accepted a value in time.
   *
   * @param sentNanos when it was sent
   */
  synchronized void failed(long sentNanos) {
    if (!everTook || tookNanos - sentNanos < 0) {
      suspected = true;
    }
  }

  /** The value that was sent as a probe was not accepted either. */
  synchronized void proofFailed(long nanos) {
    if (suspected && !state.away()) {
      state = silentFor(nanos) >= SILENT_AFTER.toNanos() ? State.SILENT : State.CLOSED;
    }
  }

  /** Whether waiting for Kafka is in vain, as far as can be known now. */
  synchronized boolean isSilent(long nanos) {
    return state.away() || silentFor(nanos) >= SILENT_AFTER.toNanos();
  }

  @GuardedBy("this")
  private long silentFor(long nanos) {
    return asking ? nanos - askedNanos : 0;
  }
}
