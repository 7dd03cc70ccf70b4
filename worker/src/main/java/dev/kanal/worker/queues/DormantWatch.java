package dev.kanal.worker.queues;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.clock.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Watches channels without lanes: those that are new here closely, since a request that waits for
 * long would keep them from being watched for as long; those that have been here for a while at
 * little cost. Usable from any thread.
 */
final class DormantWatch implements AutoCloseable {
  /** How long a request for new ones waits. */
  private static final Duration SOON = Duration.ofMillis(300);

  /** The same for others, of which there may be thousands. */
  private static final Duration LONG = Duration.ofSeconds(5);

  /** A channel is watched once the request that was under way, and one more, have ended. */
  static final Duration OVERLAP = SOON.multipliedBy(3);

  private static final Duration YOUNG = LONG.multipliedBy(3);

  private final RecordWatch closely;
  private final RecordWatch cheaply;
  private final Ticker ticker;

  /** Since when those are watched that are watched closely. */
  @GuardedBy("this")
  private final Map<Channel, Long> young = new HashMap<>();

  /**
   * @param kafka settings of the clients
   * @param name the prefix of their ids
   * @param listener gets each channel to which something has come, on a thread of the watch, again
   *     and again until it is forgotten
   */
  DormantWatch(Map<String, Object> kafka, String name, Ticker ticker, Consumer<Channel> listener) {
    this.ticker = ticker;
    this.closely = new RecordWatch(kafka, name + "-watch-new", SOON, listener);
    this.cheaply = new RecordWatch(kafka, name + "-watch", LONG, listener);
  }

  void start() {
    closely.start();
    cheaply.start();
  }

  /** Watches a channel from these offsets on. */
  void watch(Channel channel, Map<TopicPartition, Long> from) {
    synchronized (this) {
      young.put(channel, ticker.nanos());
    }
    closely.watch(channel, from);
    cheaply.watch(channel, from);
  }

  void forget(Channel channel) {
    synchronized (this) {
      young.remove(channel);
    }
    closely.forget(channel);
    cheaply.forget(channel);
  }

  /** To be called from time to time: leaves to the cheap watch what it has by now. */
  void look() {
    List<Channel> grown;
    synchronized (this) {
      long now = ticker.nanos();
      grown =
          young.entrySet().stream()
              .filter(each -> now - each.getValue() >= YOUNG.toNanos())
              .map(Map.Entry::getKey)
              .toList();
      grown.forEach(young::remove);
    }
    grown.forEach(closely::forget);
  }

  @Override
  public void close() {
    closely.close();
    cheaply.close();
  }
}
