package dev.kanal.scheduler.engine.out;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.common.telemetry.Hop;
import dev.kanal.common.upkeep.Resend;
import dev.kanal.scheduler.engine.measure.EngineMetrics;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings tasks to their topics through a plain producer, outside of the engine's transactions: a
 * task leaves at once, and a topic that is gone harms its own queue only.
 *
 * <p>A task that cannot be sent becomes a {@link DispatchFailed} in its shard's log. State may be
 * committed only when every task decided before has arrived, or its failure has: {@link #await}.
 * Usable from any thread; {@link #dispatch} blocks while the producer's buffer is full.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final Sink<ToShard> shardLog;
  private final Consumer<Channel> onBroken;
  private final EngineMetrics metrics;
  private final OwnTopics ownTopics;
  private final Ticker ticker;
  private final Set<Channel> broken = ConcurrentHashMap.newKeySet();
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private final Resend again = new Resend(Duration.ofMillis(100));

  private volatile boolean awaited;

  /**
   * The callbacks.
   *
   * @param onBroken about each channel that cannot be sent to, and again with each task for it
   *     until it is opened; must not block
   * @param ownTopics says by which topic a type goes, and learns of those that cannot be sent to
   */
  public record Callbacks(Consumer<Channel> onBroken, EngineMetrics metrics, OwnTopics ownTopics) {}

  public Dispatcher(
      Producer<byte[], byte[]> producer,
      Topics topics,
      Sink<ToShard> shardLog,
      Callbacks callbacks,
      Ticker ticker) {
    this.producer = producer;
    this.topics = topics;
    this.shardLog = shardLog;
    this.onBroken = callbacks.onBroken;
    this.metrics = callbacks.metrics;
    this.ownTopics = callbacks.ownTopics;
    this.ticker = ticker;
  }

  public void dispatch(int shard, Effect.Dispatch dispatch) {
    var task = dispatch.task();
    Hop.note(Hop.Place.DISPATCHED, task.job());
    String own = ownTopics.of(dispatch.channel(), task.type());
    Pending mine = new Pending(shard, dispatch.channel(), task.job(), task.dispatch(), own);
    pending.add(mine);
    if (broken.contains(mine.channel)) {
      fail(mine, "its queue's topic is not there");
      // Once more: the one asked before may have come too early, or be gone.
      onBroken.accept(mine.channel);
      return;
    }
    String topic = own == null ? topics.tasks(mine.channel.queue(), mine.channel.priority()) : own;
    while (!trySend(topic, task, mine)) {
      if (again.isClosed()) {
        fail(mine, "the scheduler stops");
        return;
      }
    }
  }

  /** The channel's topic is there: it is sent to again. */
  public void open(Channel channel) {
    broken.remove(channel);
  }

  /** The channel's topic is gone: nothing is sent to it until it is opened. */
  public void breakChannel(Channel channel, String why) {
    if (broken.add(channel)) {
      log.warn(
          "Expected to send to queue {} ({}), but {}", channel.queue(), channel.priority(), why);
      onBroken.accept(channel);
    }
    for (Pending each : pending) {
      if (each.channel.equals(channel)) {
        fail(each, why);
      }
    }
  }

  /**
   * Waits until every task of these shards has arrived, or its failure stands in the log. After
   * {@code patience} what has not arrived counts as failed.
   *
   * @throws KafkaException if neither could be had within {@code atMost}
   */
  void await(Set<Integer> shards, Duration patience, Duration atMost) {
    long start = ticker.nanos();
    boolean gaveUp = false;
    lock.lock();
    try {
      awaited = true;
      while (hasPending(shards)) {
        long waited = ticker.nanos() - start;
        if (waited > atMost.toNanos()) {
          throw new KafkaException("Expected Kafka to take the tasks sent, but it did not");
        }
        if (!gaveUp && waited > patience.toNanos()) {
          gaveUp = true;
          giveUp(shards, patience);
        }
        var _ = drained.await(1, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Expected to wait for the tasks sent, but was interrupted", e);
    } finally {
      awaited = false;
      lock.unlock();
    }
  }

  @Override
  public void close() {
    again.close();
    producer.close(CLOSE_TIMEOUT);
  }

  private boolean trySend(String topic, Task task, Pending mine) {
    try {
      ProducerRecord<byte[], byte[]> record =
          TaskRecords.encode(topic, partition(topic, task), task);
      var _ = producer.send(record, (_, failure) -> onSent(mine, failure));
      return true;
    } catch (BufferExhaustedException e) {
      return false;
    } catch (KafkaException | IllegalStateException e) {
      onSent(mine, e);
      return true;
    }
  }

  /**
   * Each time another, once a job is sent again: a partition is read by few of the workers, and
   * those may not have the job's type.
   */
  private @Nullable Integer partition(String topic, Task task) {
    return task.dispatch() == 1
        ? null
        : Math.floorMod(
            task.job().hashCode() + task.dispatch(), producer.partitionsFor(topic).size());
  }

  private void onSent(Pending mine, @Nullable Exception failure) {
    metrics.sent(mine.channel, failure == null);
    if (failure == null) {
      Hop.note(Hop.Place.SENT, mine.job);
      remove(mine);
      return;
    }
    String why = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    if (mine.own != null) {
      ownTopics.failed(mine.own);
    }
    fail(mine, why);
    breakChannel(mine.channel, why);
  }

  private void giveUp(Set<Integer> shards, Duration patience) {
    for (Pending each : pending) {
      if (shards.contains(each.shard)) {
        breakChannel(each.channel, "Kafka did not take its tasks within " + patience);
      }
    }
  }

  private void fail(Pending mine, String why) {
    if (mine.failed.compareAndSet(false, true)) {
      ToShard entry = new ToShard(mine.shard, new DispatchFailed(mine.job, mine.dispatch, why));
      again.send(() -> shardLog.send(entry), () -> remove(mine));
    }
  }

  private void remove(Pending mine) {
    pending.remove(mine);
    if (awaited) {
      lock.lock();
      try {
        drained.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean hasPending(Set<Integer> shards) {
    for (Pending each : pending) {
      if (shards.contains(each.shard)) {
        return true;
      }
    }
    return false;
  }

  /** A task on its way. Identity counts: a replay may send the same dispatch again. */
  private static final class Pending {
    private final int shard;
    private final Channel channel;
    private final JobId job;
    private final int dispatch;
    private final @Nullable String own;
    private final AtomicBoolean failed = new AtomicBoolean();

    Pending(int shard, Channel channel, JobId job, int dispatch, @Nullable String own) {
      this.shard = shard;
      this.channel = channel;
      this.job = job;
      this.dispatch = dispatch;
      this.own = own;
    }
  }
}
