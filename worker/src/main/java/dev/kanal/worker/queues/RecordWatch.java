package dev.kanal.worker.queues;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Channel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that a task has come to a channel without lanes, and says so. One consumer watches all such
 * channels, whatever their number: a request to each broker at a time, answered at once when there
 * is something. It belongs to no group and takes nothing. Usable from any thread.
 */
final class RecordWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordWatch.class);
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(3);

  private final Map<String, Object> kafka;
  private final Consumer<Channel> listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /** By channel: from which offset on a record is news. */
  @GuardedBy("this")
  private final Map<Channel, Map<TopicPartition, Long>> watched = new HashMap<>();

  @GuardedBy("this")
  private boolean changed;

  /** To wake it up; written by the own thread. */
  private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

  /** Own thread. */
  private Map<TopicPartition, Channel> channels = Map.of();

  /** Own thread: from which offsets what is assigned was watched first. */
  private Map<TopicPartition, Long> assigned = Map.of();

  /** Own thread. */
  private @Nullable String fault;

  /**
   * @param kafka settings of the client
   * @param name becomes the client id
   * @param wait how long a request waits for a record; partitions that are added are not watched
   *     before the request that is under way has ended
   * @param listener gets each channel to which something has come, on the watch's thread, again and
   *     again until it is forgotten
   */
  RecordWatch(Map<String, Object> kafka, String name, Duration wait, Consumer<Channel> listener) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) wait.toMillis());
    // A batch comes whole, however small the limit is: one is enough to know.
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
    this.kafka = Map.copyOf(settings);
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("kanal-worker-watch").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Watches a channel from these offsets on. */
  synchronized void watch(Channel channel, Map<TopicPartition, Long> from) {
    watched.put(channel, Map.copyOf(from));
    change();
  }

  synchronized void forget(Channel channel) {
    if (watched.remove(channel) != null) {
      change();
    }
  }

  /** Ends the thread and waits for it, at most some seconds. */
  @Override
  public void close() {
    closing.countDown();
    synchronized (this) {
      change();
    }
    try {
      if (!thread.join(CLOSE_TIME)) {
        log.warn("The watch over channels without lanes has not ended within {}", CLOSE_TIME);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @GuardedBy("this")
  private void change() {
    changed = true;
    notifyAll();
    KafkaConsumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        stay();
        var _ = closing.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until there is something to watch; false once it is closed. */
  private synchronized boolean awaitWork() throws InterruptedException {
    while (watched.isEmpty() && !isClosing()) {
      wait();
    }
    return !isClosing();
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void stay() throws InterruptedException {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      current = consumer;
      channels = Map.of();
      assigned = Map.of();
      while (awaitWork()) {
        follow(consumer);
        look(consumer);
        fault = null;
      }
    } catch (RuntimeException | Error e) {
      String now = Refusal.in(e, List.of()).orElseGet(e::toString);
      if (!isClosing() && !now.equals(fault)) {
        log.warn("Channels without lanes cannot be watched now, and will be again: {}", now);
        fault = now;
      }
    } finally {
      current = null;
      // It would wait for the answer to the request that is under way.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  /** Assigns what has changed since the last look, if anything has. */
  private void follow(KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Channel> now = new HashMap<>();
    synchronized (this) {
      if (!changed && !channels.isEmpty()) {
        return;
      }
      changed = false;
      watched.forEach(
          (channel, offsets) ->
              offsets.forEach(
                  (partition, offset) -> {
                    from.put(partition, offset);
                    now.put(partition, channel);
                  }));
    }
    channels = now;
    consumer.assign(now.keySet());
    from.forEach(
        (partition, offset) -> {
          if (!offset.equals(assigned.get(partition))) {
            consumer.seek(partition, offset);
          }
        });
    assigned = from;
  }

  private void look(KafkaConsumer<byte[], byte[]> consumer) {
    try {
      Set<Channel> came = new HashSet<>();
      for (TopicPartition partition : consumer.poll(POLL).partitions()) {
        Channel channel = channels.get(partition);
        if (channel != null && came.add(channel)) {
          listener.accept(channel);
        }
      }
    } catch (WakeupException e) {
      log.debug("What is watched has changed", e);
    }
  }
}
