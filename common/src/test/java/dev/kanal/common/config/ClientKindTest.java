package dev.kanal.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientKindTest {
  @Test
  void shouldPassThrough_whatIsCommonAndWhatIsOfTheKind() throws ConfigException {
    Settings settings =
        Settings.resolve(
            Role.STANDALONE,
            new Sources(
                Map.of("kafka.common.sasl.jaas.config", "pw", "kafka.producer.linger.ms", "5"),
                Map.of(
                    "KANAL_KAFKA_COMMON_SECURITY_PROTOCOL", "SSL",
                    "KANAL_KAFKA_CONSUMER_FETCH_MAX_BYTES", "1",
                    "KANAL_KAFKA_STREAMS_MAIN_CONSUMER_FETCH_MAX_BYTES", "2",
                    "KANAL_KAFKA_ADMIN_RETRIES", "3"),
                Map.of("kafka.producer.linger.ms", "7")));
    Map<String, String> common = Map.of("sasl.jaas.config", "pw", "security.protocol", "SSL");
    assertEquals(common, settings.client(ClientKind.COMMON));
    assertEquals(with(common, "linger.ms", "7"), settings.client(ClientKind.PRODUCER));
    assertEquals(with(common, "fetch.max.bytes", "1"), settings.client(ClientKind.CONSUMER));
    assertEquals(
        with(common, "main.consumer.fetch.max.bytes", "2"), settings.client(ClientKind.STREAMS));
    assertEquals(with(common, "retries", "3"), settings.client(ClientKind.ADMIN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka.producer.acks",
        "kafka.producer.enable.idempotence",
        "kafka.producer.transactional.id",
        "kafka.producer.key.serializer",
        "kafka.producer.value.serializer",
        "kafka.consumer.group.id",
        "kafka.consumer.enable.auto.commit",
        "kafka.consumer.isolation.level",
        "kafka.consumer.share.acknowledgement.mode",
        "kafka.consumer.share.acquire.mode",
        "kafka.consumer.max.poll.records",
        "kafka.consumer.auto.offset.reset",
        "kafka.streams.processing.guarantee",
        "kafka.streams.application.id",
        "kafka.streams.application.server",
        "kafka.streams.group.instance.id",
        "kafka.streams.group.protocol",
        "kafka.streams.state.dir",
        "kafka.streams.producer.acks",
        "kafka.streams.main.consumer.isolation.level",
        "kafka.streams.consumer.auto.offset.reset",
        "kafka.streams.topic.max.message.bytes",
        "kafka.common.acks",
        "kafka.common.group.id",
        "kafka.common.processing.guarantee"
      })
  void shouldRefuse_whatGuaranteesRestOn(String key) {
    assertEquals(
        List.of(key + " (file): cannot be set, because Kanal's guarantees rest on it"),
        problems(key));
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.common.bootstrap.servers, kafka.bootstrap",
    "kafka.producer.bootstrap.servers, kafka.bootstrap",
    "kafka.consumer.bootstrap.servers, kafka.bootstrap",
    "kafka.streams.bootstrap.servers, kafka.bootstrap",
    "kafka.admin.bootstrap.servers, kafka.bootstrap",
    "kafka.streams.num.stream.threads, engine.threads",
    "kafka.streams.num.standby.replicas, engine.standbys",
    "kafka.streams.commit.interval.ms, engine.commit-interval",
    "kafka.streams.statestore.cache.max.bytes, engine.cache"
  })
  void shouldSayWhichSettingToUse_whenThereIsOne(String key, String ours) {
    assertEquals(List.of(key + " (file): cannot be set here; set " + ours), problems(key));
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.producr.linger.ms, kafka.producer.linger.ms",
    "kafka.stream.topology.optimization, kafka.streams.topology.optimization"
  })
  void shouldSuggestTheKind_whenItIsMisspelt(String key, String meant) {
    assertEquals(
        List.of(key + " (file): unknown setting; did you mean " + meant + "?"), problems(key));
  }

  @Test
  void shouldRefuseAKindWithoutAName() {
    assertEquals(1, problems("kafka.producer.").size());
  }

  private static List<String> problems(String key) {
    Sources sources = new Sources(Map.of(key, "1"), Map.of(), Map.of());
    return assertThrows(
            ConfigException.class, () -> Settings.resolve(Role.STANDALONE, sources), key)
        .problems();
  }

  private static Map<String, String> with(Map<String, String> some, String key, String value) {
    Map<String, String> all = new HashMap<>(some);
    all.put(key, value);
    return all;
  }
}
