package dev.kanal.bench.bare;

import dev.kanal.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * A job's whole way with nothing but Kafka and Kafka Streams, all in this JVM: a broker with the
 * settings of {@code ./kanal up}, one stage of Streams, and {@value #LANES} share consumers. {@link
 * #submit} and {@link #awaitDone} belong to one thread.
 */
public final class BarePrototype implements AutoCloseable {
  static final String LOG = "bare.log";
  static final String TASKS = "bare.tasks";
  static final String GROUP = "bare.lanes";

  private static final int PARTITIONS = 8;
  private static final int LANES = 4;
  private static final int ID_BYTES = 16;
  private static final int COMMAND_BYTES = 256;
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int TRIES = 200;
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final EmbeddedKafka kafka;
  private final LongAdder done = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong ids = new AtomicLong();
  private final List<Lane> lanes = new ArrayList<>();
  private final Producer<byte[], byte[]> commands;
  private final Producer<byte[], byte[]> singles;
  private final Producer<byte[], byte[]> events;
  private final KafkaStreams streams;

  private BarePrototype(EmbeddedKafka kafka, Path directory, Consumer<byte[]> handler) {
    this.kafka = kafka;
    this.commands = producer(kafka, 5);
    this.singles = producer(kafka, 0);
    this.events = producer(kafka, 0);
    this.streams =
        BareStreams.start(
            kafka.bootstrapServers(), directory.resolve("bare-state"), done, this::fail);
    for (int i = 0; i < LANES; i++) {
      lanes.add(Lane.start(kafka.bootstrapServers(), events, handler, this::fail));
    }
  }

  /**
   * Starts everything; jobs that are submitted before all parts have joined wait in the log.
   *
   * @param handler given the value of each task
   */
  public static BarePrototype start(Path directory, Consumer<byte[]> handler)
      throws IOException, InterruptedException {
    EmbeddedKafka kafka = EmbeddedKafka.persistent(directory.resolve("bare-kafka"), 0);
    try {
      prepare(kafka);
      return new BarePrototype(kafka, directory, handler);
    } catch (ExecutionException e) {
      kafka.close();
      throw new IOException("Expected Kafka to make the topics", e);
    }
  }

  /** Sends {@code count} commands; returns when Kafka has all of them. */
  public void submit(long count) {
    for (long i = 0; i < count; i++) {
      var _ = submit(commands, new byte[COMMAND_BYTES]);
    }
    commands.flush();
  }

  /**
   * Sends one command, which does not wait for others; usable from any thread.
   *
   * @param value at least 9 bytes
   * @return done when Kafka has it
   */
  public CompletableFuture<?> submit(byte[] value) {
    return submit(singles, value);
  }

  private CompletableFuture<?> submit(Producer<byte[], byte[]> producer, byte[] value) {
    CompletableFuture<@Nullable Void> taken = new CompletableFuture<>();
    byte[] id = new byte[ID_BYTES];
    ByteBuffer.wrap(id).putLong(8, ids.incrementAndGet());
    var _ =
        producer.send(
            new ProducerRecord<>(LOG, id, value),
            (_, refused) -> {
              if (refused == null) {
                taken.complete(null);
              } else {
                fail(refused);
                taken.completeExceptionally(refused);
              }
            });
    return taken;
  }

  /** How many jobs have gone the whole way, by the stage that keeps their states. */
  public long done() {
    return done.sum();
  }

  /**
   * Waits until {@code count} jobs have gone the whole way since the start.
   *
   * @throws IOException if a part has failed, or the time is up
   */
  public void awaitDone(long count, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (done() < count) {
      if (failure.get() != null) {
        throw new IOException("Expected every part to run on", failure.get());
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("Expected " + count + " jobs to end, but only " + done() + " did");
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
    commands.close(CLOSE);
    singles.close(CLOSE);
    events.close(CLOSE);
    streams.close(CLOSE);
    kafka.close();
  }

  private void fail(Throwable why) {
    failure.compareAndSet(null, why);
  }

  private static Producer<byte[], byte[]> producer(EmbeddedKafka kafka, int lingerMs) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka.bootstrapServers(),
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            lingerMs,
            ProducerConfig.BATCH_SIZE_CONFIG,
            1 << 16),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void prepare(EmbeddedKafka kafka) throws ExecutionException, InterruptedException {
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(LOG, PARTITIONS, (short) 1),
                  new NewTopic(TASKS, PARTITIONS, (short) 1)))
          .all()
          .get();
      AlterConfigOp earliest =
          new AlterConfigOp(
              new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.GROUP, GROUP), List.of(earliest)))
          .all()
          .get();
      awaitLeaders(admin);
    }
  }

  /** An idempotent producer that sends to a leader which does not serve yet may get stuck. */
  private static void awaitLeaders(Admin admin) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      ends.put(new TopicPartition(LOG, partition), OffsetSpec.latest());
      ends.put(new TopicPartition(TASKS, partition), OffsetSpec.latest());
    }
    for (int tries = 1; ; tries++) {
      try {
        admin.listOffsets(ends).all().get();
        return;
      } catch (ExecutionException e) {
        // Topics that were made just now are not known to the broker at once.
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || tries == TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
