package dev.kanal.worker.lane;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks a worker may run at once. A slot is reserved before a record is fetched, and
 * released exactly once with a reason. Usable from any thread; those who wait are served in order.
 */
public final class Slots {
  private final int total;
  private final Semaphore free;
  private final Map<Release, LongAdder> released;

  /** Why a slot is free again. */
  public enum Release {
    /** Reserved, but there was no record for it. */
    UNUSED,
    /** The handler has ended and Kafka has the outcome. */
    FINISHED,
    /** The record was a copy of a task that this worker already has. */
    COPY,
    /** The engine said that the task is not to be run. */
    DROPPED,
    /** The record went to quarantine. */
    UNREADABLE,
    /** The record was given back because the worker stops or the lane failed. */
    GIVEN_BACK
  }

  public Slots(int total) {
    if (total < 1) {
      throw new IllegalArgumentException("Expected 1 slot or more, but got " + total);
    }
    this.total = total;
    this.free = new Semaphore(total, true);
    var counts = new EnumMap<Release, LongAdder>(Release.class);
    for (Release reason : Release.values()) {
      counts.put(reason, new LongAdder());
    }
    this.released = Collections.unmodifiableMap(counts);
  }

  public int total() {
    return total;
  }

  public int free() {
    return free.availablePermits();
  }

  /** How many slots were released for this reason. */
  public long released(Release reason) {
    return counter(reason).sum();
  }

  /** Whether somebody waits for slots. */
  boolean wanted() {
    return free.hasQueuedThreads();
  }

  /** Reserves {@code count} slots, or none if they do not become free in time. */
  @Nullable Reservation reserve(int count, Duration patience) throws InterruptedException {
    return free.tryAcquire(count, patience.toNanos(), TimeUnit.NANOSECONDS)
        ? new Reservation(count)
        : null;
  }

  /** Waits until every slot is free at once; false if that does not happen in time. */
  boolean awaitAllFree(Duration patience) throws InterruptedException {
    if (!free.tryAcquire(total, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    free.release(total);
    return true;
  }

  private void release(int count, Release reason) {
    counter(reason).add(count);
    free.release(count);
  }

  private LongAdder counter(Release reason) {
    return requireNonNull(released.get(reason), "counter");
  }

  /** Slots of one lane, before it knows what for. Belongs to the lane's thread. */
  final class Reservation implements AutoCloseable {
    private int left;

    private Reservation(int count) {
      this.left = count;
    }

    /** Turns one reserved slot into a taken one. */
    Slot take() {
      if (left == 0) {
        throw new IllegalStateException("Expected a reserved slot, but all are taken");
      }
      left--;
      return new Slot();
    }

    /** Gives back what was not taken. */
    @Override
    public void close() {
      if (left > 0) {
        release(left, Release.UNUSED);
        left = 0;
      }
    }
  }

  /** The right to run one task. Usable from any thread. */
  final class Slot {
    private final AtomicBoolean gone = new AtomicBoolean();

    private Slot() {}

    void release(Release reason) {
      if (!gone.compareAndSet(false, true)) {
        throw new IllegalStateException(
            "Expected a slot to be released once, but it was again: " + reason);
      }
      Slots.this.release(1, reason);
    }
  }
}
