package dev.kanal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real broker, a fake server, and lifecycle records that the test writes. */
@EmbeddedCluster
@Timeout(120)
final class LifecycleEndToEndTest {
  private static final String STATE =
      "{\"event\":\"state\",\"job\":\"%s\",\"at\":%d,\"state\":\"SUCCEEDED\",\"attempt\":1,\"dispatch\":1}";
  private static final String DUPLICATE =
      "{\"event\":\"duplicate-run\",\"job\":\"%s\",\"at\":%d,\"dispatch\":1}";

  @Test
  void shouldCountDuplicates_whenRecordsTellOfThem(TestKafka kafka) throws Exception {
    String prefix = topic(kafka);
    AtomicInteger finished = new AtomicInteger();
    try (Producer<String, String> producer = producer(kafka, prefix)) {
      // Records from before the run must not count.
      send(producer, prefix, "a", DUPLICATE);
      Consumer<String> onFinished =
          id -> {
            send(producer, prefix, id, STATE);
            if (finished.incrementAndGet() % 50 == 0) {
              send(producer, prefix, id, DUPLICATE);
            }
          };

      CheckRun run = check(kafka, prefix, onFinished);

      assertEquals(0, run.status(), run.out() + run.err());
      assertTrue(run.out().contains("duplicate executions 4, retries 0"), run.out());
    }
  }

  @Test
  void shouldFail_whenAJobGetsTwoFinalStates(TestKafka kafka) throws Exception {
    String prefix = topic(kafka);
    AtomicInteger finished = new AtomicInteger();
    try (Producer<String, String> producer = producer(kafka, prefix)) {
      Consumer<String> onFinished =
          id -> {
            send(producer, prefix, id, STATE);
            if (finished.incrementAndGet() == 50) {
              send(producer, prefix, id, STATE);
            }
          };

      CheckRun run = check(kafka, prefix, onFinished);

      assertEquals(1, run.status(), run.out() + run.err());
      assertEquals(
          "check FAILED: 1 of 200 break 'each job gets one final state (lifecycle)'",
          run.lastLine(),
          run.out() + run.err());
    }
  }

  @Test
  void shouldSayWhatToDo_whenTheTopicIsNotThere(TestKafka kafka) {
    CheckRun run = check(kafka, "nobodys", _ -> {});

    assertEquals(1, run.status());
    assertEquals(
        "Expected a topic nobodys.lifecycle, but there is none. Is --prefix right?\n", run.err());
  }

  private static CheckRun check(TestKafka kafka, String prefix, Consumer<String> onFinished) {
    try (FakeKanal kanal = FakeKanal.start(kafka.bootstrapServers(), prefix, onFinished)) {
      return CheckRun.of("--url", kanal.url(), "--jobs", "200");
    }
  }

  private static String topic(TestKafka kafka) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix();
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(prefix + ".lifecycle", 3, (short) 1))).all().get();
    }
    return prefix;
  }

  /** Returns once the broker knows the topic. */
  private static Producer<String, String> producer(TestKafka kafka, String prefix) {
    Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer());
    assertEquals(3, producer.partitionsFor(prefix + ".lifecycle").size());
    return producer;
  }

  private static void send(
      Producer<String, String> producer, String prefix, String id, String event) {
    ProducerRecord<String, String> record =
        new ProducerRecord<>(prefix + ".lifecycle", id, event.formatted(id, 1_000));
    try {
      producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("Expected the record of " + id + " to be sent", e);
    }
  }
}
