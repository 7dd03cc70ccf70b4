package dev.kanal.worker.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.worker.control.Cancels;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.pool.Slots;
import dev.kanal.worker.report.Reporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All lanes of a worker. Usable from any thread. */
public final class Lanes {
  private static final Logger log = LoggerFactory.getLogger(Lanes.class);
  private static final long CHECK_MS = 500;
  private static final Duration SETTLE_TIME = Duration.ofSeconds(2);
  private static final Duration LANE_END_TIME = Duration.ofSeconds(5);

  private final LaneParts parts;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Channel, List<Running>> groups = new HashMap<>();

  /** Those that are to stop, and may have tasks still. */
  @GuardedBy("lock")
  private final List<Running> leaving = new ArrayList<>();

  @GuardedBy("lock")
  private final Map<Channel, Traffic> traffic = new HashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  /** A lane and its thread. */
  private record Running(LaneStop stop, Thread thread) {}

  /**
   * The collaborators of lanes.
   *
   * @param kafkaAway whether Kafka is out of reach, so that no lane polls
   */
  public record Needs(
      ShareSources sources,
      TaskRunner runner,
      Reporter reporter,
      Cancels cancels,
      BooleanSupplier kafkaAway,
      Clocks clocks) {}

  public Lanes(Needs needs, Pool pool, LaneSettings settings) {
    this(LaneParts.of(needs, pool, settings));
  }

  Lanes(LaneParts parts) {
    this.parts = parts;
  }

  /** How many tasks came, by channel. */
  public Arrivals arrivals() {
    return parts.arrivals();
  }

  /** Begins to watch over the leases. */
  public void start(ScheduledExecutorService timer) {
    var _ = timer.scheduleWithFixedDelay(this::check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
  }

  /** The engine's messages; a cancel is remembered before it comes here. */
  public void take(ControlMessage message) {
    parts.runs().take(message);
  }

  /** The channels that have lanes. */
  public Set<Channel> channels() {
    lock.lock();
    try {
      return Set.copyOf(groups.keySet());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts the lanes of a channel, unless it has them.
   *
   * @param own topics that they are to read beside the channel's; existing lanes join again if
   *     these have changed
   */
  public void open(Channel channel, Set<String> own) {
    open(channel, own, Traffic.unknown(arrived(channel), nanos()));
  }

  /** The same for a channel to which something has come after a pause. */
  public void reopen(Channel channel, Set<String> own) {
    open(channel, own, Traffic.afterPause(arrived(channel), nanos()));
  }

  private void open(Channel channel, Set<String> own, Traffic begin) {
    lock.lock();
    try {
      parts.ownTopics().set(channel, own);
      if (!closed && groups.putIfAbsent(channel, new ArrayList<>()) == null) {
        traffic.put(channel, begin);
        fit(channel, Math.min(wished(channel, begin, 1), 1 + further()));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts and stops lanes so that each channel has as many as its queue's slots allow and its
   * traffic asks for, and all of them together no more than {@link LaneSplit} leaves them. To be
   * called once a second.
   *
   * @param workers how many workers read a queue
   */
  public void fit(ToIntFunction<String> workers) {
    lock.lock();
    try {
      if (!closed) {
        long now = nanos();
        traffic.replaceAll((channel, seen) -> seen.next(arrived(channel), now));
        List<LaneSplit.Claim> claims = new ArrayList<>();
        traffic.forEach(
            (channel, seen) -> {
              int wished = wished(channel, seen, workers.applyAsInt(channel.queue()));
              int has = groups.getOrDefault(channel, List.of()).size();
              claims.add(new LaneSplit.Claim(channel, wished, has, seen.perSecond()));
            });
        LaneSplit.divide(LaneSplit.FURTHER_MOST, claims).forEach(this::fit);
      }
    } finally {
      lock.unlock();
    }
  }

  private long arrived(Channel channel) {
    return parts.arrivals().of(channel);
  }

  private long nanos() {
    return parts.clocks().ticker().nanos();
  }

  /**
   * Lets the lanes of a queue leave its share group, as soon as they have settled what they have,
   * and then join again: a member that joins gets its partitions at once, one that is there only
   * with its next heartbeat.
   */
  public void renew(String queue) {
    lock.lock();
    try {
      List<Running> all = new ArrayList<>();
      groups.forEach(
          (channel, lanes) -> {
            if (channel.queue().equals(queue)) {
              all.addAll(lanes);
            }
          });
      CountDownLatch members = new CountDownLatch(all.size());
      all.forEach(lane -> lane.stop.renew(members));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops the lanes of a channel that is gone or paused; their running tasks go on. Does not wait.
   */
  public void close(Channel channel) {
    lock.lock();
    try {
      List<Running> lanes = groups.remove(channel);
      traffic.remove(channel);
      parts.ownTopics().set(channel, Set.of());
      if (lanes != null) {
        lanes.forEach(this::leave);
      }
      if (groups.keySet().stream().noneMatch(other -> other.queue().equals(channel.queue()))) {
        parts.pool().forget(channel.queue());
      }
    } finally {
      lock.unlock();
    }
  }

  /** No new tasks, permanently; running tasks go on. Does not wait. */
  public void drain() {
    var _ = stopAll();
  }

  /**
   * Stops: no new tasks; running ones get {@code grace}; then they are interrupted, and what is not
   * leased goes back to its channel at once.
   */
  public void close(Duration grace) throws InterruptedException {
    List<Running> all = stopAll();
    boolean idle = parts.pool().awaitAllFree(grace);
    all.forEach(lane -> lane.stop.giveBack());
    for (Running lane : all) {
      if (!lane.thread.join(LANE_END_TIME)) {
        log.warn("{} has not ended within {}", lane.thread.getName(), LANE_END_TIME);
      }
    }
    if (!idle) {
      parts.runs().forEach(LaneTask::stop);
      if (!parts.pool().awaitAllFree(SETTLE_TIME)) {
        log.warn(
            "{} handlers ignored their interrupt and end with this process", parts.pool().taken());
      }
    }
  }

  private void check() {
    try {
      long now = parts.clocks().ticker().nanos();
      parts.runs().forEach(task -> task.check(now));
    } catch (RuntimeException e) {
      log.warn("A look at the leases failed", e);
    }
  }

  private List<Running> stopAll() {
    lock.lock();
    try {
      closed = true;
      List<Running> all = new ArrayList<>(leaving);
      groups.values().forEach(all::addAll);
      all.forEach(lane -> lane.stop.stop());
      return all;
    } finally {
      lock.unlock();
    }
  }

  private int wished(Channel channel, Traffic seen, int workers) {
    Slots slots = parts.pool().of(channel.queue());
    int most = LaneSize.of(slots.size(), channel.priority()).most();
    return Math.min(seen.lanes(seen.lookedNanos(), workers), most);
  }

  /** How many lanes there may still be beside the first of each channel. */
  @GuardedBy("lock")
  private int further() {
    int have = groups.values().stream().mapToInt(lanes -> Math.max(0, lanes.size() - 1)).sum();
    return Math.max(0, LaneSplit.FURTHER_MOST - have);
  }

  /** A stopping lane settles the records that it has. */
  @GuardedBy("lock")
  private void fit(Channel channel, int wanted) {
    List<Running> lanes = groups.getOrDefault(channel, List.of());
    while (lanes.size() > wanted) {
      leave(lanes.removeLast());
    }
    while (lanes.size() < wanted) {
      lanes.add(start(channel, lanes.size() + 1));
    }
  }

  @GuardedBy("lock")
  private void leave(Running lane) {
    leaving.removeIf(each -> !each.thread.isAlive());
    leaving.add(lane);
    lane.stop.stop();
  }

  private Running start(Channel channel, int number) {
    LaneStop stop = new LaneStop();
    String name = "kanal-lane-" + channel.queue() + "-" + channel.priority().text() + "-" + number;
    Lane lane = new Lane(parts, channel, stop);
    return new Running(stop, Thread.ofPlatform().name(name).start(lane));
  }
}
