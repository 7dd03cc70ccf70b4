package dev.kanal.worker.pool;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks of one queue a worker may run at once. A slot is reserved before a record is
 * fetched, and released exactly once with a reason. The size may change at any time; slots in use
 * beyond a smaller size come back when their tasks end. Usable from any thread.
 *
 * <p>Waiters are served by priority; but of eight contended turns, normal priority gets at least
 * two and low priority at least one.
 */
public final class Slots {
  private static final List<Priority> HIGH_FIRST =
      List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);
  private static final List<Priority> NORMAL_FIRST =
      List.of(Priority.NORMAL, Priority.HIGH, Priority.LOW);
  private static final List<Priority> LOW_FIRST =
      List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH);
  private static final List<List<Priority>> TURNS =
      List.of(
          HIGH_FIRST,
          HIGH_FIRST,
          NORMAL_FIRST,
          HIGH_FIRST,
          HIGH_FIRST,
          NORMAL_FIRST,
          HIGH_FIRST,
          LOW_FIRST);

  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allFree = lock.newCondition();
  private final Map<Release, LongAdder> released;

  @GuardedBy("lock")
  private final Map<Priority, ArrayDeque<Waiter>> waiting = new EnumMap<>(Priority.class);

  /** The next of {@link #TURNS}. */
  @GuardedBy("lock")
  private int turn;

  @GuardedBy("lock")
  private int size;

  /** Or taken. */
  @GuardedBy("lock")
  private int reserved;

  @GuardedBy("lock")
  private int taken;

  /** The most taken since the last look. */
  @GuardedBy("lock")
  private int peak;

  /** By slots released since the last look. */
  @GuardedBy("lock")
  private long heldNanos;

  /** Slots released since the last look. */
  @GuardedBy("lock")
  private long ended;

  /** Age of the oldest record since the last look. */
  @GuardedBy("lock")
  private long oldestMs;

  /** Whether a lane got all it could take since then. */
  @GuardedBy("lock")
  private boolean full;

  /** Why a slot is free again. */
  public enum Release {
    /** Reserved, but there was no record for it. */
    UNUSED,
    /** The handler has ended and Kafka has its outcome. */
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

  /**
   * What happened since the last look.
   *
   * @param held the mean time that a task held its slot; null if none ended
   * @param age of the oldest record that came
   * @param full whether a lane got as many records as it could take
   */
  record Seen(int size, int taken, int peak, @Nullable Duration held, Duration age, boolean full) {}

  /** A waiter for slots. */
  private static final class Waiter {
    private final int count;
    private final Condition changed;

    private boolean granted; // guarded by the lock of the slots

    private boolean refused; // guarded by the lock of the slots

    private Waiter(int count, Condition changed) {
      this.count = count;
      this.changed = changed;
    }
  }

  public Slots(int size, Ticker ticker) {
    this.ticker = ticker;
    this.size = checked(size);
    for (Priority priority : Priority.values()) {
      waiting.put(priority, new ArrayDeque<>());
    }
    var counts = new EnumMap<Release, LongAdder>(Release.class);
    for (Release reason : Release.values()) {
      counts.put(reason, new LongAdder());
    }
    this.released = Collections.unmodifiableMap(counts);
  }

  /** How many there are. */
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** How many run a task. */
  public int taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** How many are neither reserved nor taken; never below zero. */
  public int free() {
    lock.lock();
    try {
      return Math.max(0, size - reserved);
    } finally {
      lock.unlock();
    }
  }

  /** How many slots were released for this reason. */
  public long released(Release reason) {
    return counter(reason).sum();
  }

  /** Whether anything waits for slots. */
  public boolean wanted() {
    return waiting() > 0;
  }

  /** How many waiters there are. */
  int waiting() {
    lock.lock();
    try {
      return waiting.values().stream().mapToInt(ArrayDeque::size).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Changes the number of slots. */
  public void resize(int slots) {
    lock.lock();
    try {
      size = checked(slots);
      serve();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A lane reports what it received: the age of the oldest record, and whether there may be more.
   */
  public void received(Duration age, boolean fullBatch) {
    lock.lock();
    try {
      oldestMs = Math.max(oldestMs, age.toMillis());
      full |= fullBatch;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reserves {@code count} slots, or none if they do not become free in time or there are fewer
   * than that.
   */
  public @Nullable Reservation reserve(int count, Priority priority, Duration patience)
      throws InterruptedException {
    lock.lock();
    try {
      Waiter waiter = new Waiter(count, lock.newCondition());
      ArrayDeque<Waiter> queue = queue(priority);
      queue.addLast(waiter);
      serve();
      try {
        long left = patience.toNanos();
        while (!waiter.granted && !waiter.refused && left > 0) {
          left = waiter.changed.awaitNanos(left);
        }
      } finally {
        if (!waiter.granted && queue.remove(waiter)) {
          serve();
        }
      }
      return waiter.granted ? new Reservation(count) : null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every slot is free at once; false if that does not happen in time. */
  public boolean awaitAllFree(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (reserved > 0 && left > 0) {
        left = allFree.awaitNanos(left);
      }
      return reserved == 0;
    } finally {
      lock.unlock();
    }
  }

  /** What happened since this was called last; for the pool alone. */
  Seen look() {
    lock.lock();
    try {
      Duration held = ended == 0 ? null : Duration.ofNanos(heldNanos / ended);
      Seen seen = new Seen(size, taken, peak, held, Duration.ofMillis(oldestMs), full);
      peak = taken;
      heldNanos = 0;
      ended = 0;
      oldestMs = 0;
      full = false;
      return seen;
    } finally {
      lock.unlock();
    }
  }

  /** Grants in turn, as far as there are slots. */
  @GuardedBy("lock")
  private void serve() {
    for (Waiter next; (next = next()) != null; ) {
      if (next.count > size) {
        next.refused = true;
      } else if (next.count <= size - reserved) {
        next.granted = true;
        reserved += next.count;
        turn = (turn + 1) % TURNS.size();
      } else {
        return;
      }
      for (ArrayDeque<Waiter> queue : waiting.values()) {
        queue.remove(next);
      }
      next.changed.signal();
    }
  }

  @GuardedBy("lock")
  private @Nullable Waiter next() {
    for (Priority priority : TURNS.get(turn)) {
      Waiter first = queue(priority).peekFirst();
      if (first != null) {
        return first;
      }
    }
    return null;
  }

  @GuardedBy("lock")
  private ArrayDeque<Waiter> queue(Priority priority) {
    return requireNonNull(waiting.get(priority), "queue");
  }

  private void take() {
    lock.lock();
    try {
      taken++;
      peak = Math.max(peak, taken);
    } finally {
      lock.unlock();
    }
  }

  private void unreserve(int count) {
    counter(Release.UNUSED).add(count);
    lock.lock();
    try {
      reserved -= count;
      freed();
    } finally {
      lock.unlock();
    }
  }

  private void release(Release reason, long nanos) {
    counter(reason).increment();
    lock.lock();
    try {
      reserved--;
      taken--;
      if (reason == Release.FINISHED) {
        ended++;
        heldNanos += nanos;
      }
      freed();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void freed() {
    serve();
    if (reserved == 0) {
      allFree.signalAll();
    }
  }

  private LongAdder counter(Release reason) {
    return requireNonNull(released.get(reason), "counter");
  }

  private static int checked(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("Expected 1 slot or more, but got " + size);
    }
    return size;
  }

  /** Slots that one lane has reserved and not used yet. Belongs to the lane's thread. */
  public final class Reservation implements AutoCloseable {
    private int left;

    private Reservation(int count) {
      this.left = count;
    }

    /** Turns one reserved slot into a taken one. */
    public Slot take() {
      if (left == 0) {
        throw new IllegalStateException("Expected a reserved slot, but all are taken");
      }
      left--;
      Slots.this.take();
      return new Slot(ticker.nanos());
    }

    /** Gives back the slots that were not taken. */
    @Override
    public void close() {
      if (left > 0) {
        unreserve(left);
        left = 0;
      }
    }
  }

  /** The right to run one task. Usable from any thread. */
  public final class Slot {
    private final long sinceNanos;
    private final AtomicBoolean gone = new AtomicBoolean();

    private Slot(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }

    public void release(Release reason) {
      if (!gone.compareAndSet(false, true)) {
        throw new IllegalStateException(
            "Expected a slot to be released once, but it was again: " + reason);
      }
      Slots.this.release(reason, ticker.nanos() - sinceNanos);
    }
  }
}
