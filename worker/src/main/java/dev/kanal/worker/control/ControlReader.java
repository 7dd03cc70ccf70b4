package dev.kanal.worker.control;

import dev.kanal.common.access.Refusal;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.control.ControlCodec;
import dev.kanal.common.control.ControlMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the engine sends to all workers: control messages from now on, the settings of queues
 * from the beginning. One thread; the topics may not exist yet. No offsets are committed; after an
 * error the reader goes on from where it was.
 */
public final class ControlReader implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlReader.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(3);

  /** How far the clocks of worker and broker may differ without a cancel being missed. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(2);

  private final Needs needs;
  private final Consumer<ControlMessage> listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("kanal-worker-control").unstarted(this);

  /** To wake up; written by the own thread. */
  private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

  /** Own thread: where to go on. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /** Own thread: read until here, all queues are known. */
  private final Map<TopicPartition, Long> queuesEnd = new HashMap<>();

  /** Own thread: when the control topic was last seen not to exist. */
  private @Nullable Instant absentAt;

  /** Own thread. */
  private long lookedNanos;

  /** Own thread. */
  private @Nullable String fault;

  /**
   * What a reader needs.
   *
   * @param kafka settings of the client
   * @param name becomes the client id
   */
  public record Needs(
      Map<String, Object> kafka,
      String name,
      Topics topics,
      Clocks clocks,
      Cancels cancels,
      QueueNotes notes) {
    public Needs {
      kafka = Map.copyOf(kafka);
    }
  }

  /**
   * @param listener gets each message on the reader's thread; a cancel is remembered before that
   */
  public ControlReader(Needs needs, Consumer<ControlMessage> listener) {
    this.needs = needs;
    this.listener = listener;
  }

  public void start() {
    thread.start();
  }

  /** Ends the thread and waits for it, at most some seconds. */
  @Override
  public void close() {
    closing.countDown();
    KafkaConsumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      if (!thread.join(CLOSE_TIME)) {
        log.warn("The control topics' reader has not ended within {}", CLOSE_TIME);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try {
      while (!isClosing()) {
        stay();
        var _ = closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stay() {
    try (KafkaConsumer<byte[], byte[]> consumer = open()) {
      current = consumer;
      lookedNanos = needs.clocks.ticker().nanos() - LOOK_EVERY.toNanos();
      while (!isClosing()) {
        look(consumer);
        read(consumer);
        fault = null;
      }
    } catch (KafkaException e) {
      String now =
          Refusal.in(e, dev.kanal.common.access.Needs.ofWorker(needs.topics))
              .orElseGet(e::toString);
      if (!isClosing() && !now.equals(fault)) {
        log.warn("The control topics cannot be read and will be tried again: {}", now);
        fault = now;
      }
    } finally {
      current = null;
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private KafkaConsumer<byte[], byte[]> open() {
    Map<String, Object> settings = new HashMap<>(needs.kafka);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, needs.name + "-control");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Starts reading topics that are new. */
  private void look(KafkaConsumer<byte[], byte[]> consumer) {
    long now = needs.clocks.ticker().nanos();
    if (topicsRead(consumer) == 2 || now - lookedNanos < LOOK_EVERY.toNanos()) {
      return;
    }
    lookedNanos = now;
    Instant time = needs.clocks.wall().instant();
    Set<TopicPartition> queues = partitions(consumer, needs.topics.queues());
    Set<TopicPartition> control = partitions(consumer, needs.topics.control());
    if (control.isEmpty()) {
      absentAt = time;
    }
    Set<TopicPartition> all = new HashSet<>(queues);
    all.addAll(control);
    consumer.assign(all);
    for (TopicPartition partition : all) {
      Long known = next.get(partition);
      consumer.seek(partition, known == null ? first(consumer, partition) : known);
    }
    noteQueuesRead();
  }

  private static long topicsRead(KafkaConsumer<byte[], byte[]> consumer) {
    return consumer.assignment().stream().map(TopicPartition::topic).distinct().count();
  }

  /** A topic that did not exist at the last look is read whole: all of it is new. */
  private long first(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
    boolean control = partition.topic().equals(needs.topics.control());
    Instant since = absentAt == null ? needs.clocks.wall().instant() : absentAt;
    long end = consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
    long begin =
        consumer.beginningOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
    long from = control && absentAt == null ? end : begin;
    next.put(partition, from);
    if (control) {
      needs.cancels.completeFrom(since.plus(CLOCK_SKEW));
    } else {
      queuesEnd.put(partition, end);
    }
    return from;
  }

  private static Set<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    Set<TopicPartition> found = new HashSet<>();
    for (PartitionInfo partition : consumer.partitionsFor(topic, PATIENCE)) {
      found.add(new TopicPartition(topic, partition.partition()));
    }
    return found;
  }

  private void read(KafkaConsumer<byte[], byte[]> consumer) {
    if (consumer.assignment().isEmpty()) {
      await(POLL);
      return;
    }
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record);
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
      }
    } catch (InvalidOffsetException e) {
      log.warn("What the engine said has been deleted unread; reading goes on behind it", e);
      e.partitions().forEach(next::remove);
      absentAt = null;
      throw e;
    }
    queuesEnd.replaceAll((partition, end) -> consumer.position(partition) >= end ? 0L : end);
    noteQueuesRead();
  }

  private void noteQueuesRead() {
    if (queuesEnd.values().stream().allMatch(end -> end == 0)) {
      needs.notes.readOnce();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.topic().equals(needs.topics.queues())) {
        if (record.key() != null) {
          needs.notes.take(new String(record.key(), StandardCharsets.UTF_8), record.value());
        }
        return;
      }
      ControlMessage message = ControlCodec.decode(record.value());
      if (message instanceof ControlMessage.CancelRun(var job, var dispatch)) {
        needs.cancels.add(job, dispatch);
      } else if (message instanceof ControlMessage.QueueMade) {
        needs.notes.queueMade();
      }
      listener.accept(message);
    } catch (UnreadableException e) {
      log.warn("A control message is skipped: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("A control message could not be followed", e);
    }
  }

  private void await(Duration time) {
    try {
      var _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }
}
