package dev.kanal.scheduler.engine.out;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.common.upkeep.Resend;
import dev.kanal.scheduler.engine.measure.EngineMetrics;
import dev.kanal.scheduler.engine.row.Lane;
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
  private final Consumer<Lane> onBroken;
  private final EngineMetrics metrics;
  private final OwnTopics ownTopics;
  private final Ticker ticker;
  private final Set<Lane> broken = ConcurrentHashMap.newKeySet();
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private final Resend again = new Resend(Duration.ofMillis(100));

  private volatile boolean awaited;

  /**
   * Who is told.
   *
   * @param onBroken about each lane that cannot be sent to, and again with each task for it until
   *     it is opened; must not block
   * @param ownTopics says by which topic a type goes, and is told of those that cannot be sent to
   */
  public record Told(Consumer<Lane> onBroken, EngineMetrics metrics, OwnTopics ownTopics) {}

  public Dispatcher(
      Producer<byte[], byte[]> producer,
      Topics topics,
      Sink<ToShard> shardLog,
      Told told,
      Ticker ticker) {
    this.producer = producer;
    this.topics = topics;
    this.shardLog = shardLog;
    this.onBroken = told.onBroken;
    this.metrics = told.metrics;
    this.ownTopics = told.ownTopics;
    this.ticker = ticker;
  }

  public void dispatch(int shard, Effect.Dispatch dispatch) {
    var task = dispatch.task();
    String own = ownTopics.of(dispatch.lane(), task.type());
    Pending mine = new Pending(shard, dispatch.lane(), task.job(), task.dispatch(), own);
    pending.add(mine);
    if (broken.contains(mine.lane)) {
      fail(mine, "its queue's topic is not there");
      // Once more: whoever was to see to it may have come too early, or be no more.
      onBroken.accept(mine.lane);
      return;
    }
    String topic = own == null ? topics.tasks(mine.lane.queue(), mine.lane.priority()) : own;
    while (!trySend(topic, task, mine)) {
      if (again.isClosed()) {
        fail(mine, "the scheduler stops");
        return;
      }
    }
  }

  /** The lane's topic is there: it is sent to again. */
  public void open(Lane lane) {
    broken.remove(lane);
  }

  /** The lane's topic is gone: nothing is sent to it until it is opened. */
  public void breakLane(Lane lane, String why) {
    if (broken.add(lane)) {
      log.warn("Expected to send to queue {} ({}), but {}", lane.queue(), lane.priority(), why);
      onBroken.accept(lane);
    }
    for (Pending each : pending) {
      if (each.lane.equals(lane)) {
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
    metrics.sent(mine.lane, failure == null);
    if (failure == null) {
      remove(mine);
      return;
    }
    String why = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    if (mine.own != null) {
      ownTopics.failed(mine.own);
    }
    fail(mine, why);
    breakLane(mine.lane, why);
  }

  private void giveUp(Set<Integer> shards, Duration patience) {
    for (Pending each : pending) {
      if (shards.contains(each.shard)) {
        breakLane(each.lane, "Kafka did not take its tasks within " + patience);
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
    private final Lane lane;
    private final JobId job;
    private final int dispatch;
    private final @Nullable String own;
    private final AtomicBoolean failed = new AtomicBoolean();

    Pending(int shard, Lane lane, JobId job, int dispatch, @Nullable String own) {
      this.shard = shard;
      this.lane = lane;
      this.job = job;
      this.dispatch = dispatch;
      this.own = own;
    }
  }
}
