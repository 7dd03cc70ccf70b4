package dev.kanal.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.embedded.junit.EmbeddedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EmbeddedCluster
class BrokerSettingsTest {
  @Test
  void shouldServeShareGroupsAtTheBrokersLimits(EmbeddedKafka kafka) throws Exception {
    var expected =
        Map.of(
            "group.share.partition.max.record.locks", "10000",
            "group.share.record.lock.duration.ms", "15000",
            "group.share.delivery.count.limit", "10",
            "offsets.retention.minutes", "2147483647",
            "auto.create.topics.enable", "false");
    var broker = new ConfigResource(ConfigResource.Type.BROKER, "0");
    try (var admin = Clients.of(kafka).admin()) {
      var found =
          admin
              .describeConfigs(List.of(broker))
              .all()
              .get(Clients.LIMIT.toSeconds(), TimeUnit.SECONDS)
              .values()
              .iterator()
              .next();

      expected.forEach((key, value) -> assertEquals(value, found.get(key).value(), key));
    }
  }

  @Test
  void shouldTakeRecordsUpTo4MiBAndRefuseLargerOnes(EmbeddedKafka kafka) throws Exception {
    var clients = Clients.of(kafka);
    String topic = EmbeddedKafka.uniquePrefix() + "large";
    clients.createTopic(topic, 1);

    clients.produce(topic, List.of("x".repeat((4 << 20) - 1024)));

    var refused =
        assertThrows(
            ExecutionException.class,
            () -> clients.produce(topic, List.of("x".repeat((4 << 20) + 1))));
    assertInstanceOf(RecordTooLargeException.class, refused.getCause());
  }

  @Test
  void shouldNotMakeTopicsByThemselves(EmbeddedKafka kafka) {
    String topic = EmbeddedKafka.uniquePrefix() + "missing";
    try (var admin = Clients.of(kafka).admin()) {
      var refused =
          assertThrows(
              ExecutionException.class,
              () -> admin.describeTopics(List.of(topic)).allTopicNames().get());
      assertInstanceOf(UnknownTopicOrPartitionException.class, refused.getCause());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void shouldRefuseAPort_whenOutOfRange(int port) {
    assertThrows(
        IllegalArgumentException.class, () -> EmbeddedKafkaConfig.single(Path.of("x"), port));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, EmbeddedKafkaConfig.MAX_NODES + 1})
  void shouldRefuseANodeCount_whenOutOfRange(int nodes) {
    assertThrows(
        IllegalArgumentException.class, () -> EmbeddedKafkaConfig.cluster(Path.of("x"), nodes));
  }
}
