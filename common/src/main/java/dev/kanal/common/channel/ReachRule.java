package dev.kanal.common.channel;

import java.time.Duration;

/**
 * Judges by what Kafka answered, and what it did not, whether it can be reached. Pure: it is told
 * the time, by one monotonic clock. Usable from any thread.
 *
 * <p>Out of reach is a Kafka that answered none of several questions for {@link #AWAY_AFTER}, and
 * one that takes nothing: a value failed, none was taken since that was sent, and a further one
 * fails as well. It is back once it takes a value.
 */
final class ReachRule {
  /** Nobody waits for an answer any longer once Kafka has not answered anything for so long. */
  static final Duration SILENT_AFTER = Duration.ofMillis(1_500);

  static final Duration AWAY_AFTER = Duration.ofSeconds(3);

  /** A process that stood still finds one question unanswered, but not two. */
  private static final int MISSES = 2;

  // All guarded by this.
  private boolean asking;
  private long askedNanos;
  private int misses;
  private boolean suspected;
  private boolean everTook;
  private long tookNanos;
  private State state = State.IN_REACH;

  /** How Kafka stands. */
  enum State {
    IN_REACH,
    /** It answers nothing. */
    SILENT,
    /** It answers questions, and takes no values. */
    CLOSED;

    boolean away() {
      return this != IN_REACH;
    }
  }

  synchronized State state() {
    return state;
  }

  /** Whether to look if Kafka takes a value, rather than to ask it something. */
  synchronized boolean wantsProof() {
    return suspected || state.away();
  }

  /** Kafka is asked; kept is since when it answers nothing. */
  synchronized void asked(long nanos) {
    if (!asking) {
      asking = true;
      askedNanos = nanos;
    }
  }

  /** Kafka has answered a question. */
  synchronized void answered() {
    asking = false;
    misses = 0;
  }

  /** Kafka has not answered a question in time. */
  synchronized void missed(long nanos) {
    misses++;
    if (!state.away() && misses >= MISSES && silentFor(nanos) >= AWAY_AFTER.toNanos()) {
      state = State.SILENT;
    }
  }

  /** Kafka has taken a value. */
  synchronized void took(long nanos) {
    answered();
    everTook = true;
    tookNanos = nanos;
    suspected = false;
    state = State.IN_REACH;
  }

  /**
   * Kafka has not taken a value in time.
   *
   * @param sentNanos when it was sent
   */
  synchronized void failed(long sentNanos) {
    if (!everTook || tookNanos - sentNanos < 0) {
      suspected = true;
    }
  }

  /** What was sent to see whether Kafka takes it was not taken either. */
  synchronized void proofFailed(long nanos) {
    if (suspected && !state.away()) {
      state = silentFor(nanos) >= SILENT_AFTER.toNanos() ? State.SILENT : State.CLOSED;
    }
  }

  /** Whether who waits for Kafka waits in vain, as far as can be known now. */
  synchronized boolean isSilent(long nanos) {
    return state.away() || silentFor(nanos) >= SILENT_AFTER.toNanos();
  }

  private long silentFor(long nanos) {
    return asking ? nanos - askedNanos : 0;
  }
}
