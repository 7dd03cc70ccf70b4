package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.fail;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.control.ControlCodec;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.Run;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.TestKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Stands in for the scheduler: makes topics, sends tasks, and reads what workers report. */
final class Installation implements AutoCloseable {
  static final int SHARDS = 4;
  private static final int PARTITIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Topics topics = new Topics(EmbeddedKafka.uniquePrefix());
  final List<LogEntry> entries = new ArrayList<>();

  private final String bootstrap;
  private final Random random = new Random(42);
  private final Instant started = Clocks.system().wall().instant();
  private final Ticker ticker = Clocks.system().ticker();
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> log;

  Installation(TestKafka kafka) throws ExecutionException, InterruptedException {
    bootstrap = kafka.bootstrapServers();
    make(
        List.of(
            topic(topics.log(), SHARDS),
            topic(topics.quarantine(), 1),
            topic(tasks(), PARTITIONS)));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    log = consumer();
    log.assign(
        IntStream.range(0, SHARDS)
            .mapToObj(shard -> new TopicPartition(topics.log(), shard))
            .toList());
    log.seekToBeginning(log.assignment());
  }

  WorkerBuilder worker() {
    return Worker.builder().bootstrap(bootstrap).prefix(topics.prefix()).grace(Duration.ZERO);
  }

  String tasks() {
    return topics.tasks("default", Priority.NORMAL);
  }

  Task task(String type, String payload) {
    return task(type, payload, Duration.ofMinutes(10));
  }

  Task task(String type, String payload, Duration timeout) {
    JobId job = JobId.create(random.nextInt(SHARDS), started, random);
    var trace = TraceContext.NONE;
    return new Task(
        job,
        type,
        1,
        1,
        Suspicion.NONE,
        false,
        false,
        timeout,
        null,
        started,
        trace,
        JsonBytes.of(payload),
        null,
        Past.NONE,
        Duration.ZERO);
  }

  /** A task as of a queue that is limited, strict or both. */
  Task task(String type, boolean permit, boolean strict) {
    Task plain = task(type, "1");
    return new Task(
        plain.job(),
        type,
        1,
        1,
        Suspicion.NONE,
        permit,
        strict,
        plain.timeout(),
        null,
        started,
        plain.trace(),
        plain.payload(),
        null,
        Past.NONE,
        Duration.ZERO);
  }

  static Task withDeadline(Task task, Instant deadline) {
    return new Task(
        task.job(),
        task.type(),
        task.attempt(),
        task.dispatch(),
        task.suspicion(),
        task.permit(),
        task.strict(),
        task.timeout(),
        deadline,
        task.enqueuedAt(),
        task.trace(),
        task.payload(),
        null,
        Past.NONE,
        Duration.ZERO);
  }

  /** Makes a topic for tasks. */
  void make(String queue, Priority priority) throws ExecutionException, InterruptedException {
    make(List.of(topic(topics.tasks(queue, priority), 1)));
  }

  /** Adds a second partition to a topic that was made. */
  void addPartition(String queue, Priority priority)
      throws ExecutionException, InterruptedException {
    String topic = topics.tasks(queue, priority);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var _ = admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
    }
    try (var consumer = consumer()) {
      var _ = consumer.endOffsets(List.of(new TopicPartition(topic, 1)), PATIENCE);
    }
  }

  /** Deletes a topic that was made, and makes it again. */
  void makeAgain(String queue, Priority priority) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var _ = admin.deleteTopics(List.of(topics.tasks(queue, priority))).all().get();
    }
    make(queue, priority);
  }

  /** Makes the topics through which the engine reaches workers. */
  void makeControl() throws ExecutionException, InterruptedException {
    make(List.of(topic(topics.control(), 1), topic(topics.queues(), 1)));
  }

  /** Makes the topic of workers' reports. */
  void makeWorkers() throws ExecutionException, InterruptedException {
    make(List.of(topic(topics.workers(), 1)));
  }

  void tell(ControlMessage message) {
    tell(topics.control(), null, ControlCodec.encode(message));
  }

  void tellPaused(String queue, boolean paused) {
    byte[] settings = ("{\"paused\":" + paused + "}").getBytes(StandardCharsets.UTF_8);
    tell(topics.queues(), queue.getBytes(StandardCharsets.UTF_8), settings);
  }

  private void tell(String topic, byte @Nullable [] key, byte[] value) {
    var _ = producer.send(new ProducerRecord<>(topic, key, value));
    producer.flush();
  }

  /** The question about a task, once it is in the log. */
  Run awaitAsked(Task task) {
    await(entry -> entry instanceof AskToRun(var run) && run.job().equals(task.job()));
    return entries.stream()
        .flatMap(entry -> entry instanceof AskToRun(var run) ? Stream.of(run) : Stream.empty())
        .filter(run -> run.job().equals(task.job()))
        .findFirst()
        .orElseThrow();
  }

  /** The members of a queue's share group; none if there is no such group. */
  int members(String queue) throws ExecutionException, InterruptedException {
    String group = topics.workerGroup(queue);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var described = admin.describeShareGroups(List.of(group)).all().get();
      return described.values().stream().mapToInt(found -> found.members().size()).sum();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw e;
    }
  }

  /**
   * Also waits until every leader serves its partition: a producer that sends many batches to one
   * that does not yet may get them out of order and then stays stuck until they expire.
   */
  private void make(List<NewTopic> wanted) throws ExecutionException, InterruptedException {
    List<TopicPartition> all = new ArrayList<>();
    for (NewTopic topic : wanted) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        all.add(new TopicPartition(topic.name(), partition));
      }
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var _ = admin.createTopics(wanted).all().get();
    }
    try (var consumer = consumer()) {
      var _ = consumer.endOffsets(all, PATIENCE);
    }
  }

  Future<RecordMetadata> send(String queue, Priority priority, Task task) {
    return producer.send(TaskRecords.encode(topics.tasks(queue, priority), task));
  }

  Future<RecordMetadata> send(String queue, int partition, Task task) {
    ProducerRecord<byte[], byte[]> record =
        TaskRecords.encode(topics.tasks(queue, Priority.NORMAL), task);
    return producer.send(
        new ProducerRecord<>(
            record.topic(), partition, record.key(), record.value(), record.headers()));
  }

  Future<RecordMetadata> send(Task task) {
    return producer.send(TaskRecords.encode(tasks(), task));
  }

  void sendRaw(String header, String value) throws ExecutionException, InterruptedException {
    var record =
        new ProducerRecord<byte[], byte[]>(tasks(), value.getBytes(StandardCharsets.UTF_8));
    record.headers().add("kanal-job", header.getBytes(StandardCharsets.UTF_8));
    var _ = producer.send(record).get();
  }

  void flush() {
    producer.flush();
  }

  /** The outcome of the task's attempt, once it is in the log. */
  Outcome awaitOutcome(Task task) {
    await(entry -> entry instanceof Finished finished && finished.run().job().equals(task.job()));
    return outcomes().getOrDefault(task.job(), List.of()).getFirst();
  }

  void await(Predicate<LogEntry> wanted) {
    awaitAll(() -> entries.stream().anyMatch(wanted), PATIENCE);
  }

  void awaitAll(Condition wanted, Duration patience) {
    try {
      awaitFrom(wanted, patience);
    } catch (ExecutionException | InterruptedException | IOException e) {
      fail(e);
    }
  }

  private void awaitFrom(Condition wanted, Duration patience)
      throws ExecutionException, InterruptedException, IOException {
    long end = ticker.nanos() + patience.toNanos();
    while (!wanted.holds()) {
      if (ticker.nanos() - end > 0) {
        fail("Expected more in the log within " + patience + ", but found only " + shown());
      }
      read(Duration.ofMillis(50));
    }
  }

  /** Reads what has come within {@code patience}. */
  void read(Duration patience) {
    for (ConsumerRecord<byte[], byte[]> record : log.poll(patience)) {
      entries.add(LogCodec.decode(record.value()));
    }
  }

  Map<JobId, List<Outcome>> outcomes() {
    Map<JobId, List<Outcome>> outcomes = new HashMap<>();
    for (LogEntry entry : entries) {
      if (entry instanceof Finished finished) {
        outcomes
            .computeIfAbsent(finished.run().job(), _ -> new ArrayList<>())
            .add(finished.outcome());
      }
    }
    return outcomes;
  }

  /** The first record in quarantine. */
  ConsumerRecord<byte[], byte[]> awaitQuarantined() {
    try (var consumer = consumer()) {
      consumer.assign(List.of(new TopicPartition(topics.quarantine(), 0)));
      consumer.seekToBeginning(consumer.assignment());
      Optional<ConsumerRecord<byte[], byte[]>> found = Optional.empty();
      long end = ticker.nanos() + PATIENCE.toNanos();
      while (found.isEmpty() && ticker.nanos() - end < 0) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          found = Optional.of(record);
        }
      }
      return found.orElseThrow();
    }
  }

  @Override
  public void close() {
    log.close();
    producer.close();
  }

  /** A condition that comes true by reading on. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws ExecutionException, InterruptedException, IOException;
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).join();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrap),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private String shown() {
    String all = entries.toString();
    return all.length() > 2_000 ? all.substring(0, 2_000) : all;
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty())
        .configs(Map.of("message.timestamp.type", "LogAppendTime", "max.message.bytes", "2097152"));
  }
}
