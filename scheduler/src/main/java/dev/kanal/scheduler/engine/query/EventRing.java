package dev.kanal.scheduler.engine.query;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.job.JobId;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.common.task.LifecycleEvent.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of a shard. The shard's thread writes and waits for nobody; any thread reads,
 * each reader at its own pace. One who is too slow finds that some are gone, and how many.
 *
 * <p>An event's sequence is its log offset times 65,536 and its number among those of that offset,
 * the last of which has the greatest that there can be: the same on every node that owns the shard,
 * and growing.
 */
public final class EventRing {
  /** The most events kept. */
  public static final int EVENTS_MAX = 8_192;

  /** The most bytes kept, about. */
  static final long BYTES_MAX = 2L << 20;

  /** How much older than the newest an event may be. */
  static final Duration AGE_MAX = Duration.ofMinutes(10);

  private static final int OFFSET_SHIFT = 16;
  private static final int EVENT_BYTES = 200;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final @Nullable Numbered[] events = new @Nullable Numbered[EVENTS_MAX];

  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

  @GuardedBy("lock")
  private long first;

  @GuardedBy("lock")
  private long end;

  /** Events of records that have been applied. */
  @GuardedBy("lock")
  private long visible;

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private long floor;

  @GuardedBy("lock")
  private long last;

  private volatile long applied;

  /**
   * @param appliedOffset the shard begins after it
   */
  public EventRing(long appliedOffset) {
    floor = endOf(appliedOffset);
    last = floor;
    applied = floor;
  }

  /** One event and its place in the shard's order. */
  public record Numbered(long sequence, LifecycleEvent event) {}

  /**
   * What a reader gets.
   *
   * @param from the sequence after which these are all there are
   * @param lost events before it that were there and are gone
   * @param unsure whether others before it may be missing, too
   */
  public record Batch(List<Numbered> events, long from, long lost, boolean unsure) {}

  /** By the shard's thread. */
  public void add(long offset, LifecycleEvent event) {
    lock.lock();
    try {
      last = Math.max(last + 1, offset << OFFSET_SHIFT);
      events[slot(end++)] = new Numbered(last, event);
      bytes += size(event);
      long oldestMs = event.at().toEpochMilli() - AGE_MAX.toMillis();
      while (end - first > EVENTS_MAX - 1
          || bytes > BYTES_MAX
          || at(first).event.at().toEpochMilli() < oldestMs) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** By the shard's thread, when the record and all its events are there. */
  @SuppressWarnings("GuardedBy") // only this thread writes what is read here
  public void applied(long offset) {
    if (end > visible) {
      show(offset);
      listeners.forEach(Runnable::run);
    }
    applied = endOf(offset);
  }

  private void show(long offset) {
    lock.lock();
    try {
      last = endOf(offset);
      events[slot(end - 1)] = new Numbered(last, at(end - 1).event);
      visible = end;
    } finally {
      lock.unlock();
    }
  }

  /** Calls {@code listener} on the shard's thread after new events; it must only take note. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  public void forget(Runnable listener) {
    listeners.remove(listener);
  }

  /** Reads what comes from now on. */
  public Reader fromNow() {
    lock.lock();
    try {
      return new Reader(visible, applied, false);
    } finally {
      lock.unlock();
    }
  }

  /** Reads from the oldest event of the job on; null if there is none. */
  public @Nullable Reader from(JobId job) {
    lock.lock();
    try {
      for (long i = first; i < visible; i++) {
        if (at(i).event.job().equals(job)) {
          return new Reader(i, at(i).sequence - 1, false);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Reads what came after {@code sequence}; unsure if that is not all here any more. */
  public Reader after(long sequence) {
    lock.lock();
    try {
      long from = first;
      long to = visible;
      while (from < to) {
        long middle = (from + to) >>> 1;
        if (at(middle).sequence <= sequence) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      return new Reader(from, sequence, sequence < floor);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Numbered at(long number) {
    Numbered found = events[slot(number)];
    if (found == null) {
      throw new IllegalStateException("Expected event " + number + ", but it is gone");
    }
    return found;
  }

  @GuardedBy("lock")
  private void drop() {
    Numbered oldest = at(first);
    floor = oldest.sequence;
    bytes -= size(oldest.event);
    events[slot(first++)] = null;
  }

  private static int slot(long number) {
    return (int) (number % EVENTS_MAX);
  }

  private static long endOf(long offset) {
    return ((offset + 1) << OFFSET_SHIFT) - 1;
  }

  private static int size(LifecycleEvent event) {
    return switch (event) {
      case Transition to ->
          EVENT_BYTES
              + to.type().length()
              + to.queue().length()
              + length(to.worker())
              + length(to.reason());
      case DuplicateRun run -> EVENT_BYTES + run.worker().length();
    };
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** One who reads; belongs to one thread. */
  public final class Reader {
    private long next;
    private long position;
    private boolean unsure;

    private Reader(long next, long position, boolean unsure) {
      this.next = next;
      this.position = position;
      this.unsure = unsure;
    }

    /** Every event up to this sequence has been read, or lost. */
    public long position() {
      return position;
    }

    /** Whether others than those to come may be missing. */
    public boolean isUnsure() {
      return unsure;
    }

    /** Whether anything about the job is still to come. */
    public boolean hasMore(JobId job) {
      lock.lock();
      try {
        for (long i = Math.max(first, next); i < visible; i++) {
          if (at(i).event.job().equals(job)) {
            return true;
          }
        }
        return false;
      } finally {
        lock.unlock();
      }
    }

    public EventRing ring() {
      return EventRing.this;
    }

    /** The next events, up to a number, and what was lost before them. */
    public Batch read(int atMost) {
      long sure = applied;
      List<Numbered> batch = new ArrayList<>();
      boolean wasUnsure = unsure;
      unsure = false;
      lock.lock();
      try {
        long lost = Math.max(0, first - next);
        next = Math.max(next, first);
        position = lost > 0 || wasUnsure ? Math.max(position, floor) : position;
        long from = position;
        while (next < visible && batch.size() < atMost) {
          Numbered found = at(next++);
          position = found.sequence;
          batch.add(found);
        }
        if (next == visible) {
          position = Math.max(position, sure);
        }
        return new Batch(batch, from, lost, wasUnsure);
      } finally {
        lock.unlock();
      }
    }
  }
}
