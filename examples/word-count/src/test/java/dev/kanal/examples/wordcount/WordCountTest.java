package dev.kanal.examples.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

@EmbeddedCluster
final class WordCountTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, Object> kafka;
  private final Topics topics = new Topics(EmbeddedKafka.uniquePrefix());

  WordCountTest(EmbeddedKafka cluster) throws Exception {
    kafka = Map.of("bootstrap.servers", cluster.bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      List<NewTopic> wanted =
          List.of(topic(topics.log()), topic(topics.tasks("default", Priority.NORMAL)));
      var _ = admin.createTopics(wanted).all().get();
    }
  }

  @Test
  void shouldCountWords_whenWorkerGetsTheTask() throws Exception {
    Task task = task("{\"text\":\"To be, or not to be\"}");
    try (Worker worker =
        Worker.builder()
            .kafka(kafka)
            .prefix(topics.prefix())
            .grace(Duration.ofSeconds(1))
            .build()) {
      worker.start();
      send(task);

      var outcome = assertInstanceOf(Outcome.Succeeded.class, awaitOutcome(task));

      assertEquals(
          "{\"words\":6,\"distinct\":4,\"counts\":{\"be\":2,\"not\":1,\"or\":1,\"to\":2}}",
          outcome.result().toString());
    }
  }

  private void send(Task task) throws Exception {
    try (var producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      var record = TaskRecords.encode(topics.tasks("default", Priority.NORMAL), task);
      var _ = producer.send(record).get();
    }
  }

  private Outcome awaitOutcome(Task task) {
    Ticker ticker = Clocks.system().ticker();
    long end = ticker.nanos() + PATIENCE.toNanos();
    try (var log =
        new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      log.assign(List.of(new TopicPartition(topics.log(), 0)));
      log.seekToBeginning(log.assignment());
      while (ticker.nanos() - end < 0) {
        for (ConsumerRecord<byte[], byte[]> record : log.poll(Duration.ofMillis(100))) {
          if (LogCodec.decode(record.value()) instanceof Finished finished
              && finished.run().job().equals(task.job())) {
            return finished.outcome();
          }
        }
      }
    }
    return fail("Expected an outcome within " + PATIENCE + ", but there is none");
  }

  private static Task task(String payload) {
    Instant now = Clocks.system().wall().instant();
    return new Task(
        JobId.create(0, now, new Random(1)),
        "word-count",
        1,
        1,
        false,
        Duration.ofMinutes(1),
        null,
        now,
        TraceContext.NONE,
        JsonBytes.of(payload));
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, Optional.of(1), Optional.empty());
  }
}
