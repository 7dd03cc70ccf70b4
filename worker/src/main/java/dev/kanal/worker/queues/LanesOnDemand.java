package dev.kanal.worker.queues;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.clock.Ticker;
import dev.kanal.worker.lane.Lanes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives lanes to channels and takes them away as {@link LanePlan} says: asks Kafka what the plan
 * wants to know, and does what it answers. A few channels have lanes always; of the others only
 * those to which tasks come. {@link #follow} belongs to one thread.
 */
final class LanesOnDemand implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LanesOnDemand.class);

  /** The groups of how many channels are prepared with the same requests. */
  private static final int OPENED_AT_ONCE = 50;

  private final Lanes lanes;
  private final Groups groups;
  private final TaskOffsets offsets;
  private final Ticker ticker;
  private final DormantWatch watch;

  /** What it answers is done before anybody asks it again. */
  @GuardedBy("this")
  private final LanePlan plan;

  /** The following thread: the first failure of this look that keeps no other channel waiting. */
  private @Nullable Exception trouble;

  /** Why groups could not be asked. */
  private final AtomicReference<@Nullable Exception> unanswered = new AtomicReference<>();

  /** The following thread: asks groups, if it lives. */
  private Thread asking = new Thread();

  /** Before the first member joins a queue's group; blocks. */
  interface Groups {
    void prepare(String queue) throws InterruptedException, ExecutionException, TimeoutException;

    /** For many at once; leaves out those that are not to be had so simply. */
    default void prepareAll(Collection<String> queues)
        throws InterruptedException, ExecutionException, TimeoutException {}
  }

  /**
   * With what to watch.
   *
   * @param kafka settings of the client
   * @param name of the worker
   */
  record Watching(Map<String, Object> kafka, String name, Ticker ticker) {}

  /**
   * @param groups prepares a queue's share group before its first member joins
   */
  LanesOnDemand(
      Lanes lanes, Groups groups, TaskOffsets offsets, Watching watching, OnDemand bounds) {
    this.lanes = lanes;
    this.groups = groups;
    this.offsets = offsets;
    this.ticker = watching.ticker;
    this.plan = new LanePlan(bounds);
    this.watch = new DormantWatch(watching.kafka, watching.name, watching.ticker, this::came);
  }

  /** Begins to watch. */
  void start() {
    watch.start();
  }

  /** Ends the watch; lanes stay as they are. */
  @Override
  public void close() {
    watch.close();
  }

  /** Topics of these channels were made again: what is known of their ends says nothing. */
  synchronized void madeAgain(Set<Channel> channels) {
    for (Channel channel : channels) {
      plan.came(channel, ticker.nanos()).forEach(this::perform);
    }
  }

  /**
   * One look.
   *
   * @param wanted the channels of this worker, with the topics of single types that exist beside
   *     each
   * @throws ExecutionException also if a single channel cannot have lanes; the others have been
   *     seen to by then
   */
  void follow(Map<Channel, Set<String>> wanted)
      throws InterruptedException, ExecutionException, TimeoutException {
    trouble = unanswered.getAndSet(null);
    watch.look();
    synchronized (this) {
      for (LaneStep step : plan.follow(wanted)) {
        if (step instanceof LaneStep.Close(var channel)) {
          log.info("{} has no lanes now: it is gone or paused", channel);
        }
        perform(step);
      }
      plan.withLanes().forEach(lanes::open);
    }
    openWaiting();
    takeNew();
    see();
    startToAsk();
    openWaiting();
    synchronized (this) {
      plan.takeTurns(lanes.arrivals()::of, ticker.nanos()).forEach(this::perform);
    }
    check();
    Exception failure = trouble;
    if (failure != null) {
      Throwable cause = failure.getCause();
      throw new ExecutionException(
          failure instanceof ExecutionException && cause != null ? cause : failure);
    }
  }

  private void openWaiting() throws InterruptedException, ExecutionException, TimeoutException {
    List<Channel> waiting;
    synchronized (this) {
      waiting = plan.waiting();
    }
    for (int from = 0; from < waiting.size() && hasRoom(); from += OPENED_AT_ONCE) {
      List<Channel> some = waiting.subList(from, Math.min(from + OPENED_AT_ONCE, waiting.size()));
      groups.prepareAll(some.stream().map(Channel::queue).collect(Collectors.toSet()));
      for (Channel channel : some) {
        if (hasRoom()) {
          tryToOpen(channel);
        }
      }
    }
  }

  /** A few new channels have lanes at once; others are watched. */
  private void takeNew() throws InterruptedException, ExecutionException, TimeoutException {
    List<Channel> kept;
    synchronized (this) {
      kept = plan.toKeep();
    }
    for (Channel channel : kept) {
      tryToOpen(channel);
    }
    Map<Channel, Set<String>> fresh;
    synchronized (this) {
      kept.forEach(plan::failed);
      fresh = plan.toFind();
    }
    if (fresh.isEmpty()) {
      return;
    }
    Map<Channel, Map<TopicPartition, Long>> ends = offsets.ends(fresh);
    Set<Channel> empty = offsets.empty(ends);
    synchronized (this) {
      plan.found(fresh.keySet(), ends, empty, ticker.nanos()).forEach(this::perform);
    }
  }

  /** In which of the open channels something has moved. */
  private void see() throws InterruptedException, ExecutionException, TimeoutException {
    Map<Channel, Set<String>> open;
    synchronized (this) {
      open = plan.toSee();
    }
    if (open.isEmpty()) {
      return;
    }
    Map<Channel, Map<TopicPartition, Long>> ends = offsets.ends(open);
    synchronized (this) {
      plan.saw(open.keySet(), ends, ticker.nanos()).forEach(this::perform);
    }
  }

  /**
   * Whether to groups of channels in which nothing moves something is left to do. Brokers take
   * their time to say: nobody else waits for it.
   */
  private void startToAsk() {
    if (asking.isAlive()) {
      return;
    }
    Map<Channel, Map<TopicPartition, Long>> asked;
    synchronized (this) {
      asked = plan.toAsk(ticker.nanos());
    }
    if (!asked.isEmpty()) {
      asking = Thread.ofVirtual().name("kanal-worker-idle").start(() -> ask(asked));
    }
  }

  private void ask(Map<Channel, Map<TopicPartition, Long>> asked) {
    try {
      Set<Channel> settled = offsets.settled(asked);
      synchronized (this) {
        plan.answered(asked, settled, ticker.nanos()).forEach(this::perform);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      unanswered.set(e);
    }
  }

  /** A channel is not to be overlooked, whatever may happen to the watch. */
  private void check() throws InterruptedException, ExecutionException, TimeoutException {
    Map<Channel, Set<String>> dormant;
    synchronized (this) {
      dormant = plan.toCheck(ticker.nanos());
    }
    Map<Channel, Map<TopicPartition, Long>> ends = Map.of();
    try {
      ends = offsets.ends(dormant);
    } finally {
      // Also if that failed, so that it keeps no others from being checked.
      synchronized (this) {
        plan.saw(dormant.keySet(), ends, ticker.nanos()).forEach(this::perform);
      }
    }
  }

  /** On the watch's thread. */
  private void came(Channel channel) {
    boolean opens;
    synchronized (this) {
      plan.came(channel, ticker.nanos()).forEach(this::perform);
      opens = plan.hasRoomFor(channel);
    }
    if (opens) {
      try {
        open(channel);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        log.debug("{} cannot have lanes yet; the next look tries again, and says why", channel, e);
      }
    }
  }

  /** Whether a channel to which something has come has no lanes yet. */
  synchronized boolean isWaitedFor() {
    return !plan.waiting().isEmpty();
  }

  private synchronized boolean hasRoom() {
    return plan.hasRoom();
  }

  /** The following thread. */
  private void tryToOpen(Channel channel) throws InterruptedException {
    try {
      open(channel);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      trouble = trouble == null ? e : trouble;
    }
  }

  private void open(Channel channel)
      throws InterruptedException, ExecutionException, TimeoutException {
    groups.prepare(channel.queue());
    synchronized (this) {
      var turn = new ChannelState.Turn(ticker.nanos(), lanes.arrivals().of(channel));
      plan.open(channel, turn).forEach(this::perform);
    }
  }

  @GuardedBy("this")
  private void perform(LaneStep step) {
    switch (step) {
      case LaneStep.Open(var channel, var own, var fresh) -> {
        if (fresh) {
          lanes.open(channel, own);
        } else {
          lanes.reopen(channel, own);
        }
      }
      case LaneStep.Close(var channel) -> {
        log.debug("{} has no lanes now", channel);
        lanes.close(channel);
      }
      case LaneStep.Watch(var channel, var from) -> watch.watch(channel, from);
      case LaneStep.Forget(var channel) -> watch.forget(channel);
    }
  }
}
