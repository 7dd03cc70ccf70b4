package dev.kanal.scheduler.engine.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.Priority;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real share group; a task is a number. */
@EmbeddedCluster
@Timeout(120)
final class TaskTrimmerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MANY = 3_000;

  private final Ticker ticker = Clocks.system().ticker();
  private final Topics topics = new Topics(EmbeddedKafka.uniquePrefix() + "t");
  private final String topic = topics.tasks("q", Priority.NORMAL);
  private final TopicPartition partition = new TopicPartition(topic, 0);
  private final Map<String, Object> kafka;
  private final Admin admin;
  private final TaskTrimmer trimmer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaShareConsumer<byte[], byte[]> worker;

  TaskTrimmerTest(EmbeddedKafka cluster) {
    kafka = Map.of("bootstrap.servers", cluster.bootstrapServers());
    admin = Admin.create(kafka);
    trimmer = new TaskTrimmer(admin, topics);
    producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
    var bytes = new ByteArrayDeserializer();
    worker =
        new KafkaShareConsumer<>(
            Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "group.id",
                topics.workerGroup("q")),
            bytes,
            bytes);
  }

  @BeforeEach
  void make() throws Exception {
    var wanted = new NewTopic(topic, Optional.of(1), Optional.empty());
    var _ = admin.createTopics(List.of(wanted)).all().get();
    var group = new ConfigResource(ConfigResource.Type.GROUP, topics.workerGroup("q"));
    var earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
    var _ =
        admin
            .incrementalAlterConfigs(
                Map.of(group, List.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
            .all()
            .get();
    worker.subscribe(List.of(topic));
  }

  @AfterEach
  void end() {
    worker.close();
    producer.close();
    admin.close();
  }

  @Test
  void shouldLeaveNothing_ofAQueueThatIsIdle() throws Exception {
    send(0, 20);
    run(20);
    awaitAllSettled();

    trimmer.trim("q");

    assertEquals(20, offset(OffsetSpec.earliest()));
    assertTrue(settled().all(), "still, as nothing is there that is not");
    trimmer.trim("q");
    send(20, 25);
    assertEquals(numbers(20, 25), run(5));
    awaitAllSettled();
    trimmer.trim("q");
    assertEquals(25, offset(OffsetSpec.earliest()));
  }

  @Test
  void shouldLeaveWhatIsNotSettled() throws Exception {
    send(0, 20);
    run(20);
    awaitAllSettled();
    send(20, 30);

    trimmer.trim("q");

    assertTrue(offset(OffsetSpec.earliest()) <= 20);
    assertEquals(numbers(20, 30), run(10));
  }

  @Test
  void shouldLoseNothing_whileTasksComeAndGo() throws Exception {
    send(0, 1);
    Set<Integer> seen = run(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var sending =
          executor.submit(
              () -> {
                for (int i = 1; i < MANY; i++) {
                  send(i, i + 1);
                }
              });
      var trimming =
          executor.submit(
              () -> {
                do {
                  trimmer.trim("q");
                } while (!sending.isDone());
                return null;
              });
      seen.addAll(run(MANY - 1));
      sending.get();
      trimming.get();
    }
    assertEquals(numbers(0, MANY), seen);
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
      var _ = producer.send(new ProducerRecord<>(topic, number));
    }
    producer.flush();
  }

  /** Runs this many tasks, and returns once each is settled with the broker. */
  private Set<Integer> run(int count) {
    Set<Integer> numbers = new HashSet<>();
    long deadline = ticker.nanos() + PATIENCE.toNanos();
    while (numbers.size() < count) {
      assertTrue(
          ticker.nanos() < deadline, () -> "Expected " + count + ", but got " + numbers.size());
      worker
          .poll(Duration.ofMillis(50))
          .forEach(each -> numbers.add(ByteBuffer.wrap(each.value()).getInt()));
      worker.commitSync();
    }
    return numbers;
  }

  private void awaitAllSettled() throws Exception {
    long deadline = ticker.nanos() + PATIENCE.toNanos();
    while (!settled().all()) {
      assertTrue(ticker.nanos() < deadline, "settled in time");
    }
  }

  private ShareGroupOffsets.Settled settled() throws Exception {
    return new ShareGroupOffsets(admin, topics)
        .of("q")
        .getOrDefault(partition, new ShareGroupOffsets.Settled(0, false));
  }

  private long offset(OffsetSpec spec) throws Exception {
    return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
  }

  private static Set<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().collect(Collectors.toSet());
  }
}
