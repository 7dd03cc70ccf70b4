package dev.kanal.scheduler.api;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/** The calls that wait for something of jobs, which are bounded in number and in time. */
final class Waits {
  /** The longest a call waits. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  /** How many calls wait at most at the same time. */
  static final int MOST = 10_000;

  private final Semaphore room;

  Waits(int most) {
    this.room = new Semaphore(most);
  }

  /** Whether a call may wait; it says so by {@link #leave} when it no longer does. */
  boolean enter() {
    return room.tryAcquire();
  }

  void leave() {
    room.release();
  }
}
