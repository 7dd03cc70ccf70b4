package dev.kanal.worker.lane;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.worker.control.Cancels;
import dev.kanal.worker.report.Reporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All lanes of a worker. Usable from any thread. */
public final class Lanes {
  private static final Logger log = LoggerFactory.getLogger(Lanes.class);
  private static final long CHECK_MS = 500;
  private static final Duration SETTLE_TIME = Duration.ofSeconds(2);
  private static final Duration LANE_END_TIME = Duration.ofSeconds(5);

  private final LaneParts parts;
  private final AtomicInteger count = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by lock. */
  private final Map<Channel, Group> groups = new HashMap<>();

  /** Guarded by lock. */
  private boolean closed;

  /** The lanes of one channel. */
  private record Group(LaneStop stop, List<Thread> threads) {}

  /** What lanes need from others. */
  public record Needs(
      ShareSources sources, TaskRunner runner, Reporter reporter, Cancels cancels, Clocks clocks) {}

  public Lanes(Needs needs, Slots slots, LaneSettings settings) {
    var recent = new RecentRuns(needs.clocks().ticker(), RecentRuns.MAX);
    this.parts =
        new LaneParts(
            needs.sources()::open,
            slots,
            recent,
            new Runs(needs.reporter(), recent, needs.clocks()),
            needs.cancels(),
            needs.runner(),
            needs.reporter(),
            settings,
            needs.clocks());
  }

  /** Begins to watch over the leases. */
  public void start(ScheduledExecutorService timer) {
    var _ = timer.scheduleWithFixedDelay(this::check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
  }

  /** What the engine says; a cancel is remembered before it is told here. */
  public void told(ControlMessage message) {
    parts.runs().told(message);
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

  /** Starts the lanes of a channel, unless it has them. */
  public void open(Channel channel) {
    lock.lock();
    try {
      if (!closed && !groups.containsKey(channel)) {
        groups.put(channel, start(channel));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops the lanes of a channel that is gone or paused; what they run goes on. Does not wait. */
  public void close(Channel channel) {
    lock.lock();
    try {
      Group group = groups.remove(channel);
      if (group != null) {
        count.addAndGet(-group.threads.size());
        group.stop.stop();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops: no new tasks; running ones get {@code grace}; then they are interrupted, and what is not
   * leased goes back to its channel at once.
   */
  public void close(Duration grace) throws InterruptedException {
    List<Group> all = stopAll();
    boolean idle = parts.slots().awaitAllFree(grace);
    all.forEach(group -> group.stop.giveBack());
    for (Group group : all) {
      for (Thread thread : group.threads) {
        if (!thread.join(LANE_END_TIME)) {
          log.warn("{} has not ended within {}", thread.getName(), LANE_END_TIME);
        }
      }
    }
    if (!idle) {
      parts.runs().forEach(LaneTask::stop);
      if (!parts.slots().awaitAllFree(SETTLE_TIME)) {
        log.warn(
            "{} handlers ignored their interrupt and end with this process",
            parts.slots().total() - parts.slots().free());
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

  private List<Group> stopAll() {
    lock.lock();
    try {
      closed = true;
      List<Group> all = List.copyOf(groups.values());
      all.forEach(group -> group.stop.stop());
      return all;
    } finally {
      lock.unlock();
    }
  }

  private Group start(Channel channel) {
    LaneStop stop = new LaneStop();
    List<Thread> threads = new ArrayList<>();
    int lanes = count.addAndGet(channel.lanes());
    if (lanes > parts.slots().total()) {
      log.warn("{} lanes take turns at {} slots", lanes, parts.slots().total());
    }
    for (int i = 1; i <= channel.lanes(); i++) {
      String name = "kanal-lane-" + channel.queue() + "-" + channel.priority().text() + "-" + i;
      Lane lane = new Lane(parts, channel, stop, count::get);
      threads.add(Thread.ofPlatform().name(name).start(lane));
    }
    return new Group(stop, threads);
  }
}
