package dev.kanal.common.upkeep;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
  private final Round round;
  private final ScheduledExecutorService thread;

  @GuardedBy("this")
  private boolean started;

  private @Nullable String fault; // the thread's

  /** May block; is interrupted on close. */
  @FunctionalInterface
  public interface Round {
    void run() throws Exception;
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
      var _ =
          thread.scheduleWithFixedDelay(
              this::round, first.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** No round begins after this; one that runs is interrupted, and not waited for. */
  @Override
  public synchronized void close() {
    thread.shutdownNow();
  }

  private void round() {
    try {
      round.run();
      fault = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      String now = e.toString();
      if (!now.equals(fault) && !thread.isShutdown()) {
        log.warn("Expected to {}, but: {}; trying again", duty, now);
        log.debug("The failure in full", e);
      }
      fault = now;
    }
  }
}
