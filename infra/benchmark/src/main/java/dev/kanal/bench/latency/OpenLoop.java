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
 * Calls at a fixed rate: the n-th is due at start + n / rate, and is made by any thread that is
 * free then. If none is, it is made late, which counts as latency of the called system.
 */
public final class OpenLoop {
  private static final double MICROS = 1e6;

  /** Over HTTP there is a connection for each call of one second, within these bounds. */
  private static final int CONNECTIONS_MIN = 64;

  private static final int CONNECTIONS_MAX = 1_000;

  /** From the start of the threads to the first call. */
  private static final long LEAD_MICROS = 50_000;

  private final int perSecond;
  private final int threads;

  /**
   * @param threads how many calls can be open at once
   */
  public OpenLoop(int perSecond, int threads) {
    this.perSecond = perSecond;
    this.threads = threads;
  }

  /** One whose calls are requests, each on a connection of its own while it is open. */
  public static OpenLoop overHttp(int perSecond) {
    return new OpenLoop(perSecond, Math.clamp(perSecond, CONNECTIONS_MIN, CONNECTIONS_MAX));
  }

  /** What a thread calls through. Belongs to one thread at a time. */
  @FunctionalInterface
  public interface Caller extends AutoCloseable {
    /**
     * @param dueMicros when the call was due, by the wall clock
     */
    void call(long dueMicros) throws IOException;

    @Override
    default void close() throws IOException {}
  }

  /** Makes the callers, before the first call is due. */
  @FunctionalInterface
  public interface Callers {
    Caller open() throws IOException;
  }

  /**
   * Returns when all calls have returned.
   *
   * @return how many calls were made
   * @throws IOException if one of them failed; no more are made then
   */
  public long run(Duration time, Callers open) throws IOException, InterruptedException {
    List<Caller> callers = new ArrayList<>();
    try {
      for (int i = 0; i < threads; i++) {
        callers.add(open.open());
      }
      return run(time, callers);
    } finally {
      for (Caller each : callers) {
        each.close();
      }
    }
  }

  private long run(Duration time, List<Caller> callers) throws IOException, InterruptedException {
    Schedule schedule =
        new Schedule(
            WallClock.micros() + LEAD_MICROS, perSecond, time.toMillis() * perSecond / 1_000);
    List<Thread> running =
        callers.stream()
            .map(each -> Thread.ofVirtual().start(() -> schedule.follow(each)))
            .toList();
    for (Thread thread : running) {
      thread.join();
    }
    Exception failure = schedule.failure.get();
    if (failure != null) {
      throw new IOException("Expected every call to be answered", failure);
    }
    return schedule.count;
  }

  /** When calls are due, and which is next. */
  private static final class Schedule {
    private final long start;
    private final int perSecond;
    private final long count;
    private final AtomicLong next = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Schedule(long start, int perSecond, long count) {
      this.start = start;
      this.perSecond = perSecond;
      this.count = count;
    }

    /** Makes the next call, and so on until there is none left or one has failed. */
    void follow(Caller caller) {
      try {
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
    }
  }

  private static void awaitDue(long due) {
    for (long left = due - WallClock.micros(); left > 0; left = due - WallClock.micros()) {
      LockSupport.parkNanos(left * 1_000);
    }
  }
}
