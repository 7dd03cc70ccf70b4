package dev.kanal.check.mix;

import java.util.Locale;

/** What a job of the mix tries out. */
public enum Kind {
  PLAIN(300),
  /** Runs longer than the hand-off time, so that its worker leases it. */
  LEASED(60),
  DELAYED(120),
  /** With {@code runAt}. */
  TIMED(60),
  RETRIED(100),
  FAILING(40),
  REFUSED(30),
  SNOOZED(20),
  /** A group of jobs with one key, a few of them delayed, failing, expiring or cancelled. */
  KEYED(9),
  /** The same with a limit of 2 to 4. */
  KEYED_MANY(6),
  /** In the queue with {@code concurrency}. */
  LIMITED(50),
  /** In the queue with {@code rate}. */
  RATED(20),
  PAUSED(10),
  CANCELLED_WAITING(20),
  CANCELLED_PAUSED(10),
  CANCELLED_RUNNING(10),
  CANCELLED_ANYHOW(20),
  DEADLINE_KEPT(20),
  EXPIRED_PAUSED(5),
  EXPIRED_RUNNING(10),
  EXPIRED_RETRYING(10),
  TIMED_OUT(10),
  /** Submitted several times at once with one idempotency key. */
  REPEATED(20);

  private final int weight;

  Kind(int weight) {
    this.weight = weight;
  }

  /** How often it is drawn, beside the others. */
  int weight() {
    return weight;
  }

  /** The name for people. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The queue that its jobs go to. */
  public QueueUse queue() {
    return switch (this) {
      case LIMITED -> QueueUse.FEW;
      case RATED -> QueueUse.SLOW;
      case PAUSED, CANCELLED_PAUSED, EXPIRED_PAUSED -> QueueUse.PAUSED;
      case PLAIN,
          LEASED,
          DELAYED,
          TIMED,
          RETRIED,
          FAILING,
          REFUSED,
          SNOOZED,
          KEYED,
          KEYED_MANY,
          CANCELLED_WAITING,
          CANCELLED_RUNNING,
          CANCELLED_ANYHOW,
          DEADLINE_KEPT,
          EXPIRED_RUNNING,
          EXPIRED_RETRYING,
          TIMED_OUT,
          REPEATED ->
          QueueUse.PLAIN;
    };
  }
}
