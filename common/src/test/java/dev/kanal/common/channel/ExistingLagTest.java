package dev.kanal.common.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
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

@EmbeddedCluster
@Timeout(60)
final class ExistingLagTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Ticker ticker = Clocks.system().ticker();
  private final String name = EmbeddedKafka.uniquePrefix() + "lag";
  private final TopicPartition partition = new TopicPartition(name, 0);
  private final Map<String, Object> kafka;
  private final Admin admin;

  ExistingLagTest(EmbeddedKafka cluster) {
    kafka = Map.of("bootstrap.servers", cluster.bootstrapServers());
    admin = Admin.create(kafka);
  }

  @BeforeEach
  void make() throws Exception {
    var topic = new NewTopic(name, Optional.of(1), Optional.empty());
    var _ = admin.createTopics(List.of(topic)).all().get();
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
    var earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
    var _ =
        admin
            .incrementalAlterConfigs(
                Map.of(group, List.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
            .all()
            .get();
  }

  @AfterEach
  void end() {
    admin.close();
  }

  @Test
  void shouldCountWhatIsThere_whenRecordsWereDeletedByOthers() throws Exception {
    send(20);
    read();
    assertEquals(20, lag());

    delete(15);

    assertEquals(20, brokersLag(), "the broker counts what is gone");
    assertEquals(5, lag());
    delete(20);
    assertEquals(0, lag());
  }

  @Test
  void shouldKeepTheLag_ofAPartitionThatCannotBeAskedAbout() throws Exception {
    var missing = new TopicPartition(name, 7);
    var info = new SharePartitionOffsetInfo(0, Optional.empty(), Optional.of(3L));

    assertEquals(Map.of(missing, 3L), ExistingLag.of(admin, Map.of(missing, info)).get());
  }

  private void send(int count) {
    try (var producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        var _ = producer.send(new ProducerRecord<>(name, new byte[] {1}));
      }
    }
  }

  /** Has the group read, so that it has a start, and settle nothing. */
  private void read() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.get("bootstrap.servers"),
            "group.id",
            name,
            "share.acknowledgement.mode",
            "explicit");
    var bytes = new ByteArrayDeserializer();
    long deadline = ticker.nanos() + PATIENCE.toNanos();
    try (var consumer = new KafkaShareConsumer<>(settings, bytes, bytes)) {
      consumer.subscribe(List.of(name));
      while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
        assertTrue(ticker.nanos() < deadline, "records in time");
      }
    }
  }

  private void delete(long before) throws Exception {
    var _ =
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before))).all().get();
  }

  private long lag() throws Exception {
    return ExistingLag.of(admin, offsets()).get().getOrDefault(partition, -1L);
  }

  private long brokersLag() throws Exception {
    SharePartitionOffsetInfo info = offsets().get(partition);
    return info == null ? -1 : info.lag().orElse(-1L);
  }

  private Map<TopicPartition, SharePartitionOffsetInfo> offsets() throws Exception {
    return admin
        .listShareGroupOffsets(Map.of(name, new ListShareGroupOffsetsSpec()))
        .partitionsToOffsetInfo(name)
        .get();
  }
}
