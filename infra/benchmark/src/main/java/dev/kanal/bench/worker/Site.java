package dev.kanal.bench.worker;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Topics of one run, named as those of an installation of Kanal: its tasks, and their outcomes.
 *
 * @param bootstrap of the broker
 */
record Site(String bootstrap, Topics topics) {
  static final int PAYLOAD_BYTES = 256;
  static final int SHARDS = 16;

  private static final int PARTITIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  String tasks() {
    return topics.tasks("default", Priority.NORMAL);
  }

  String outcomes() {
    return topics.log();
  }

  String group() {
    return topics.workerGroup("default");
  }

  /** Makes the topics, and waits until their leaders serve. */
  void make() throws ExecutionException, InterruptedException {
    List<NewTopic> wanted =
        List.of(
            topic(outcomes(), SHARDS),
            topic(tasks(), PARTITIONS),
            topic(topics.control(), 1),
            topic(topics.queues(), 1),
            topic(topics.workers(), 1),
            topic(topics.quarantine(), 1));
    List<TopicPartition> all = new ArrayList<>();
    for (NewTopic topic : wanted) {
      all.addAll(partitions(topic.name(), topic.numPartitions()));
    }
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, group());
    var earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
    try (Admin admin = admin()) {
      var _ = admin.createTopics(wanted).all().get();
      var _ =
          admin
              .incrementalAlterConfigs(
                  Map.of(group, List.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
              .all()
              .get();
    }
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var _ = consumer.endOffsets(all, PATIENCE);
    }
  }

  /** Sends {@code count} tasks; returns when Kafka has them. */
  void fill(int count, IntFunction<ProducerRecord<byte[], byte[]>> tasks) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (var producer = producer(Map.of("batch.size", 1 << 16, "linger.ms", 5))) {
      for (int number = 0; number < count; number++) {
        var _ =
            producer.send(
                tasks.apply(number),
                (_, e) -> {
                  if (e != null) {
                    failure.set(e);
                  }
                });
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("Expected Kafka to take every task", failure.get());
    }
  }

  /** A producer whose records are safe once they are acknowledged. */
  KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    return new KafkaProducer<>(
        producerSettings(more), new ByteArraySerializer(), new ByteArraySerializer());
  }

  Map<String, Object> producerSettings(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", bootstrap);
    settings.put("acks", "all");
    return settings;
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  /** How many outcomes there are. */
  long outcomes(Admin admin) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    partitions(outcomes(), SHARDS).forEach(each -> ends.put(each, OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  private static List<TopicPartition> partitions(String topic, int count) {
    return IntStream.range(0, count).mapToObj(each -> new TopicPartition(topic, each)).toList();
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty())
        .configs(Map.of("message.timestamp.type", "LogAppendTime"));
  }
}
