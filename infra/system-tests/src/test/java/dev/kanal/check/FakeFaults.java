package dev.kanal.check;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a {@link FakeKanal} does wrong. Jobs are counted from 1 in the order of their acceptance; 0
 * means none.
 *
 * @param forgets the job that it does not know later
 * @param sumsWrongly the job that gets a wrong answer
 * @param kills the job that ends DEAD
 * @param neverEnds the job that stays QUEUED
 * @param refuses the job whose line is answered by 422
 * @param breaksOffAfter how many answer lines of the first batch upload come before it breaks off
 * @param awayFor how long the server is then gone
 * @param busyAnswers how many batch uploads are answered by 503 first
 */
record FakeFaults(
    int forgets,
    int sumsWrongly,
    int kills,
    int neverEnds,
    int refuses,
    int breaksOffAfter,
    Duration awayFor,
    int busyAnswers) {
  static final FakeFaults NONE = new FakeFaults(0, 0, 0, 0, 0, 0, Duration.ZERO, 0);

  static FakeFaults forgetting(int job) {
    return new FakeFaults(job, 0, 0, 0, 0, 0, Duration.ZERO, 0);
  }

  static FakeFaults summingWrongly(int job) {
    return new FakeFaults(0, job, 0, 0, 0, 0, Duration.ZERO, 0);
  }

  static FakeFaults killing(int job) {
    return new FakeFaults(0, 0, job, 0, 0, 0, Duration.ZERO, 0);
  }

  static FakeFaults neverEnding(int job) {
    return new FakeFaults(0, 0, 0, job, 0, 0, Duration.ZERO, 0);
  }

  static FakeFaults refusing(int job) {
    return new FakeFaults(0, 0, 0, 0, job, 0, Duration.ZERO, 0);
  }

  static FakeFaults breakingOffAfter(int lines, Duration awayFor) {
    return new FakeFaults(0, 0, 0, 0, 0, lines, awayFor, 0);
  }

  static FakeFaults busy(int answers) {
    return new FakeFaults(0, 0, 0, 0, 0, 0, Duration.ZERO, answers);
  }

  /** The faults that have not happened yet. Safe for any thread. */
  static final class Pending {
    private final AtomicBoolean breakOff;
    private final AtomicInteger busy;

    Pending(FakeFaults faults) {
      breakOff = new AtomicBoolean(faults.breaksOffAfter() > 0);
      busy = new AtomicInteger(faults.busyAnswers());
    }

    boolean takeBreakOff() {
      return breakOff.getAndSet(false);
    }

    boolean takeBusy() {
      return busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
  }
}
