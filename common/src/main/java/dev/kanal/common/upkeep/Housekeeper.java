package dev.kanal.common.upkeep;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing at intervals, on a daemon thread of its own, until it is closed. A round that
 * throws does not end it: that is logged in one line, and not again while the rounds after it throw
 * the same. It is started once; starting it again, or after it was closed, changes nothing, and so
 * does closing it again. Usable from any thread.
 */
public final class Housekeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeper.class);

  private final String duty;
  private final Duration first;
  private final Duration every;
  private final PacedRound round;
  private final ScheduledExecutorService thread;

  @GuardedBy("this")
  private boolean started;

  /** The next round, or the one that runs; null before the start. */
  @GuardedBy("this")
  private @Nullable ScheduledFuture<?> next;

  /** Its number. */
  @GuardedBy("this")
  private long number;

  @GuardedBy("this")
  private boolean running;

  /** How soon the round that runs is to be followed by one; null if as it says itself. */
  @GuardedBy("this")
  private @Nullable Duration soon;

  private @Nullable String fault; // the thread's

  /** May block; is interrupted on close. */
  @FunctionalInterface
  public interface Round {
    void run() throws Exception;
  }

  /** As a {@link Round}, but says how long it is from its end to the next. */
  @FunctionalInterface
  public interface PacedRound {
    Duration run() throws Exception;
  }

  /**
   * One whose first round is an interval after the start.
   *
   * @param thread its name
   * @param duty what a round does, for the log: "Expected to {@code duty}, but …"
   * @param every from the end of a round to the next
   */
  public Housekeeper(String thread, String duty, Duration every, Round round) {
    this(thread, duty, every, every, round);
  }

  /**
   * As above.
   *
   * @param first from the start to the first round
   */
  public Housekeeper(String thread, String duty, Duration first, Duration every, Round round) {
    this(
        thread,
        duty,
        first,
        every,
        () -> {
          round.run();
          return every;
        });
  }

  /**
   * One whose rounds set its pace.
   *
   * @param every to the first round, and after a round that throws
   */
  public static Housekeeper paced(String thread, String duty, Duration every, PacedRound round) {
    return new Housekeeper(thread, duty, every, every, round);
  }

  private Housekeeper(
      String thread, String duty, Duration first, Duration every, PacedRound round) {
    this.duty = duty;
    this.first = first;
    this.every = every;
    this.round = round;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(thread).daemon().factory());
  }

  public synchronized void start() {
    if (!started && !thread.isShutdown()) {
      started = true;
      schedule(first);
    }
  }

  /** Lets the next round begin now, or as soon as the one that runs is over. */
  public void wake() {
    wakeWithin(Duration.ZERO);
  }

  /** Lets the next round begin this long from now, or from the end of the one that runs. */
  public synchronized void wakeWithin(Duration atMost) {
    if (running) {
      soon = soon == null || soon.compareTo(atMost) > 0 ? atMost : soon;
    } else if (next != null && next.getDelay(TimeUnit.NANOSECONDS) > atMost.toNanos()) {
      next.cancel(false);
      schedule(atMost);
    }
  }

  /** No round begins after this; one that runs is interrupted, and not waited for. */
  @Override
  public synchronized void close() {
    thread.shutdownNow();
  }

  private void round(long mine) {
    if (!begins(mine)) {
      return;
    }
    Duration pause = every;
    try {
      pause = round.run();
      fault = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) {
      String now = e.toString();
      if (!now.equals(fault) && !thread.isShutdown()) {
        log.warn("Expected to {}, but: {}; trying again", duty, now);
        log.debug("The failure in full", e);
      }
      fault = now;
    }
    ended(pause);
  }

  /** False for one in place of which there is another: it was due just when it was cancelled. */
  private synchronized boolean begins(long mine) {
    running = mine == number;
    soon = null;
    return running;
  }

  private synchronized void ended(Duration pause) {
    running = false;
    schedule(soon == null || soon.compareTo(pause) > 0 ? pause : soon);
  }

  @GuardedBy("this")
  private void schedule(Duration pause) {
    if (!thread.isShutdown()) {
      long mine = ++number;
      next = thread.schedule(() -> round(mine), pause.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
