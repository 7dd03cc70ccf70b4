package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.WallClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls at a fixed rate: the n-th is due at start + n / rate, and is made by whichever thread is
 * free then. If none is, it is made late, which counts as latency of the one who is asked.
 */
final class OpenLoop {
  private static final double MICROS = 1e6;

  /** Before the first one, so that all threads are there. */
  private static final long LEAD_MICROS = 50_000;

  private final int perSecond;
  private final int threads;

  /**
   * @param threads how many calls can be open at once
   */
  OpenLoop(int perSecond, int threads) {
    this.perSecond = perSecond;
    this.threads = threads;
  }

  /** What a thread calls with. Belongs to that thread. */
  @FunctionalInterface
  interface Caller extends AutoCloseable {
    /**
     * @param dueMicros when the call was due, by the wall clock
     */
    void call(long dueMicros) throws IOException;

    @Override
    default void close() throws IOException {}
  }

  /** Makes a thread's caller. */
  @FunctionalInterface
  interface Callers {
    Caller open() throws IOException;
  }

  /**
   * Returns when all calls have returned.
   *
   * @return how many calls were made
   * @throws IOException if one of them failed; no more are made then
   */
  long run(Duration time, Callers callers) throws IOException, InterruptedException {
    long count = time.toMillis() * perSecond / 1_000;
    AtomicLong next = new AtomicLong();
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    long start = WallClock.micros() + LEAD_MICROS;
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Caller caller = callers.open()) {
                      for (long n = next.getAndIncrement();
                          n < count && failure.get() == null;
                          n = next.getAndIncrement()) {
                        long due = start + Math.round(n * MICROS / perSecond);
                        awaitDue(due);
                        caller.call(due);
                      }
                    } catch (IOException | RuntimeException e) {
                      failure.compareAndSet(null, e);
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IOException("Expected every call to be answered", failure.get());
    }
    return count;
  }

  private static void awaitDue(long due) {
    for (long left = due - WallClock.micros(); left > 0; left = due - WallClock.micros()) {
      LockSupport.parkNanos(left * 1_000);
    }
  }
}
