package dev.kanal.worker.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.clock.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How many tasks came through each channel, and how far each partition has come. Usable from any
 * thread.
 */
public final class Arrivals {
  /** Lanes of this worker that share a partition are never further apart than this. */
  static final Duration APART = Duration.ofSeconds(2);

  /** At most this many partitions are known. */
  static final int PARTITIONS_MAX = 20_000;

  private final Ticker ticker;
  private final Map<Channel, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Front> fronts = new ConcurrentHashMap<>();

  /** The greatest offsets: so far, and two earlier ones, the last of which is old enough. */
  private static final class Front {
    @GuardedBy("this")
    private long now = -1;

    @GuardedBy("this")
    private long before = -1;

    @GuardedBy("this")
    private long longBefore = -1;

    @GuardedBy("this")
    private long turnedNanos;

    private Front(long turnedNanos) {
      this.turnedNanos = turnedNanos;
    }

    private synchronized boolean pass(long offset, long nanos) {
      long past = nanos - turnedNanos;
      if (past >= APART.toNanos()) {
        longBefore = past >= 2 * APART.toNanos() ? now : before;
        before = now;
        turnedNanos = nanos;
      }
      now = Math.max(now, offset);
      return offset <= longBefore;
    }
  }

  public Arrivals(Ticker ticker) {
    this.ticker = ticker;
  }

  void add(Channel channel, int tasks) {
    counts.computeIfAbsent(channel, _ -> new LongAdder()).add(tasks);
  }

  /** How many tasks have come through the channel. */
  public long of(Channel channel) {
    LongAdder count = counts.get(channel);
    return count == null ? 0 : count.sum();
  }

  /**
   * Notes that the record has come. Brokers hand out the records of a partition in order: one that
   * comes after later ones that came a while ago was another worker's before, even if the broker
   * has forgotten that, as happens when a partition's leader changes.
   */
  boolean isBehind(ConsumerRecord<?, ?> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    long nanos = ticker.nanos();
    if (fronts.size() >= PARTITIONS_MAX && !fronts.containsKey(partition)) {
      return false;
    }
    return fronts.computeIfAbsent(partition, _ -> new Front(nanos)).pass(record.offset(), nanos);
  }

  /** By the channel's name, {@code QUEUE.PRIORITY}. */
  public Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((channel, count) -> all.put(channel.toString(), count.sum()));
    return all;
  }
}
