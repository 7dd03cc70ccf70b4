package dev.kanal.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the tests do with a Kafka, each within a bounded time. */
record Clients(String bootstrapServers) {
  static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(100);

  static Clients of(EmbeddedKafka kafka) {
    return new Clients(kafka.bootstrapServers());
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  void createTopic(String topic, int partitions)
      throws InterruptedException, ExecutionException, TimeoutException {
    try (var admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  void startGroupAtEarliest(String group)
      throws InterruptedException, ExecutionException, TimeoutException {
    try (var admin = admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, group),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("share.auto.offset.reset", "earliest"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Returns when all replicas in sync have them. */
  void produce(String topic, List<String> values)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "max.request.size", 8 << 20);
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, value)).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  /** Reads and acknowledges as many records as named, or fewer when the time is up. */
  List<String> readAsShareGroup(String group, String topic, int count) {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "group.id", group);
    try (var consumer =
        new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      var values = new ArrayList<String>();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(POLL).forEach(read -> values.add(read.value()));
      }
      consumer.commitSync(LIMIT);
      return values;
    }
  }

  /** Reads as many records as named, or fewer when the time is up, and commits their offsets. */
  List<String> readAsGroup(String group, String topic, int count) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            group,
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            "false",
            "session.timeout.ms",
            "6000",
            "heartbeat.interval.ms",
            "1000");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      var records = new ArrayList<ConsumerRecord<String, String>>();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (records.size() < count && System.nanoTime() < deadline) {
        consumer.poll(POLL).forEach(records::add);
      }
      consumer.commitSync(LIMIT);
      return records.stream().map(ConsumerRecord::value).toList();
    }
  }
}
