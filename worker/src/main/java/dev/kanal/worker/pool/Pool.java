package dev.kanal.worker.pool;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.worker.pool.Slots.Release;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The slots of a worker, queue by queue. Once a second each queue's size follows {@link PoolRule},
 * within what {@link SlotSplit} leave to it. {@link #look} belongs to one thread; everything else
 * may be called from any.
 */
public final class Pool {
  /** Between two looks. */
  public static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(Pool.class);

  /** With many queues these change the size of each with each that comes or goes. */
  private static final Set<PoolReason> DIVIDED =
      EnumSet.of(PoolReason.SHARE, PoolReason.IDLE, PoolReason.MIN);

  private static final int PEAKS = (int) (PoolRule.IDLE.toMillis() / LOOK_EVERY.toMillis());

  /** The weight of the last second in the mean time that tasks hold their slots. */
  private static final double NEWEST_PART = 0.3;

  private final PoolSettings settings;
  private final Needs needs;
  private final ReentrantLock lock = new ReentrantLock();

  /** In the order of their names. */
  @GuardedBy("lock")
  private final Map<String, Queue> queues = new TreeMap<>();

  private final Map<PoolReason, LongAdder> decisions = new ConcurrentHashMap<>();

  /** Slots released by queues that are gone. */
  private final Map<Release, LongAdder> releasedBefore = new ConcurrentHashMap<>();

  /**
   * The collaborators of a pool.
   *
   * @param lags how many records wait; asked only for queues where it matters
   * @param weights of the queues, 1 or more
   */
  public record Needs(
      Ticker ticker, Lags lags, ToIntFunction<String> weights, Supplier<Machine> machine) {}

  /** One queue's slots, and their observations. */
  private static final class Queue {
    final Slots slots;

    /** The looking thread: newest last. */
    final ArrayDeque<Integer> peaks = new ArrayDeque<>();

    /** The looking thread. */
    Duration held = PoolRule.FIRST_GUESS;

    /** Written by the looking thread. */
    volatile long lag;

    boolean gone; // guarded by the lock of the pool

    Queue(Slots slots) {
      this.slots = slots;
    }
  }

  /** One look at a queue. */
  private record Look(
      String name, Queue queue, PoolRule.View view, PoolRule.Wish wish, Slots.Seen seen) {}

  public Pool(PoolSettings settings, Needs needs) {
    this.settings = settings;
    this.needs = needs;
  }

  public PoolSettings settings() {
    return settings;
  }

  /** The slots of a queue; made when it has none. */
  public Slots of(String queue) {
    lock.lock();
    try {
      Queue known = queues.get(queue);
      if (known == null) {
        int floor = SlotSplit.floor(settings.min(), settings.total(), queues.size() + 1);
        known = new Queue(new Slots(floor, needs.ticker));
        queues.put(queue, known);
      }
      known.gone = false;
      return known.slots;
    } finally {
      lock.unlock();
    }
  }

  /** The queue is gone: at a look when none of its tasks runs, its slots are forgotten. */
  public void forget(String queue) {
    lock.lock();
    try {
      Queue known = queues.get(queue);
      if (known != null) {
        known.gone = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Size and tasks of each queue, by name. */
  public Map<String, Slots> all() {
    lock.lock();
    try {
      Map<String, Slots> all = new TreeMap<>();
      queues.forEach((name, queue) -> all.put(name, queue.slots));
      return all;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A queue's slots, as they are reported to others.
   *
   * @param lag records that were waiting or running when it was last known; 0 if the queue keeps
   *     up, since Kafka is not asked then
   */
  public record Room(int size, long lag) {
    public static final Room NONE = new Room(0, 0);
  }

  /** Of each queue, by name. */
  public Map<String, Room> rooms() {
    lock.lock();
    try {
      Map<String, Room> rooms = new TreeMap<>();
      queues.forEach((name, queue) -> rooms.put(name, new Room(queue.slots.size(), queue.lag)));
      return rooms;
    } finally {
      lock.unlock();
    }
  }

  /** How many tasks run. */
  public int taken() {
    return all().values().stream().mapToInt(Slots::taken).sum();
  }

  /** How many slots there are now, of all queues. */
  public int size() {
    return all().values().stream().mapToInt(Slots::size).sum();
  }

  /** How many decisions were made for this reason. */
  public long decided(PoolReason reason) {
    return counter(decisions, reason).sum();
  }

  /** How many slots were released for this reason. */
  public long released(Release reason) {
    return counter(releasedBefore, reason).sum()
        + all().values().stream().mapToLong(slots -> slots.released(reason)).sum();
  }

  /** Waits until no slot is reserved or taken; false if that does not happen in time. */
  public boolean awaitAllFree(Duration patience) throws InterruptedException {
    long until = needs.ticker.nanos() + patience.toNanos();
    for (Slots slots : all().values()) {
      long left = Math.max(0, until - needs.ticker.nanos());
      if (!slots.awaitAllFree(Duration.ofNanos(left))) {
        return false;
      }
    }
    return true;
  }

  /** Looks at every queue and sets its size; never throws. May ask Kafka. */
  public void look() {
    try {
      List<Look> looks = looks();
      List<SlotSplit.Claim> claims = claims(looks);
      List<Integer> sizes = SlotSplit.divide(settings.total(), claims);
      for (int i = 0; i < looks.size(); i++) {
        set(looks.get(i), sizes.get(i));
      }
    } catch (RuntimeException e) {
      log.warn("A look at the pool failed; its sizes stay", e);
    }
  }

  private List<Look> looks() {
    Map<String, Queue> now = snapshot();
    Map<String, Slots.Seen> seen = new TreeMap<>();
    Set<String> behind = new HashSet<>();
    now.forEach(
        (name, queue) -> {
          Slots.Seen each = queue.slots.look();
          seen.put(name, each);
          if (each.full() || each.age().compareTo(PoolRule.AGE) > 0) {
            behind.add(name);
          }
        });
    Map<String, Long> lags = behind.isEmpty() ? Map.of() : needs.lags.of(behind);
    Machine machine = needs.machine.get();
    List<Look> looks = new ArrayList<>();
    int floor = SlotSplit.floor(settings.min(), settings.total(), now.size());
    var bounds = new PoolRule.Bounds(floor, Math.clamp(settings.max(), floor, settings.total()));
    now.forEach(
        (name, queue) -> {
          Slots.Seen each = requireNonNull(seen.get(name), "seen");
          queue.lag = behind.contains(name) ? lags.getOrDefault(name, queue.lag) : 0;
          PoolRule.View view = view(queue, each, queue.lag);
          PoolRule.Wish wish = PoolRule.wish(view, machine, bounds);
          if (wish.slots() > each.size()) {
            queue.peaks.removeLast();
            queue.peaks.addLast(wish.slots());
          }
          looks.add(new Look(name, queue, view, wish, each));
        });
    return looks;
  }

  private static PoolRule.View view(Queue queue, Slots.Seen seen, long lag) {
    queue.peaks.addLast(seen.peak());
    if (queue.peaks.size() > PEAKS) {
      queue.peaks.removeFirst();
    }
    Duration newest = seen.held();
    if (newest != null) {
      double nanos = queue.held.toNanos();
      nanos += NEWEST_PART * (newest.toNanos() - nanos);
      queue.held = Duration.ofNanos((long) nanos);
    }
    int peak = queue.peaks.stream().mapToInt(Integer::intValue).max().orElse(0);
    return new PoolRule.View(seen.size(), peak, queue.held, lag, seen.age());
  }

  private List<SlotSplit.Claim> claims(List<Look> looks) {
    int floor = SlotSplit.floor(settings.min(), settings.total(), looks.size());
    return looks.stream()
        .map(
            look ->
                new SlotSplit.Claim(
                    needs.weights.applyAsInt(look.name),
                    floor,
                    Math.max(floor, look.wish.slots()),
                    look.seen.taken()))
        .toList();
  }

  private void set(Look look, int size) {
    PoolReason reason = size < look.wish.slots() ? PoolReason.SHARE : look.wish.reason();
    counter(decisions, reason).increment();
    if (size != look.seen.size()) {
      look.queue.slots.resize(size);
      log.atLevel(DIVIDED.contains(reason) ? Level.DEBUG : Level.INFO)
          .log(
              "Queue {}: {} -> {} slots ({}: {} records wait or run, oldest {} ms, {} ms each)",
              look.name,
              look.seen.size(),
              size,
              reason,
              look.view.lag(),
              look.view.age().toMillis(),
              look.view.held().toMillis());
    }
  }

  private Map<String, Queue> snapshot() {
    lock.lock();
    try {
      queues.values().removeIf(this::isOver);
      return new TreeMap<>(queues);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver(Queue queue) {
    if (!queue.gone || queue.slots.taken() > 0) {
      return false;
    }
    for (Release reason : Release.values()) {
      counter(releasedBefore, reason).add(queue.slots.released(reason));
    }
    return true;
  }

  private static <E extends Enum<E>> LongAdder counter(Map<E, LongAdder> counters, E which) {
    return counters.computeIfAbsent(which, _ -> new LongAdder());
  }
}
