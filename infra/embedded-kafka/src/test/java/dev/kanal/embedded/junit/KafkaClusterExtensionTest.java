package dev.kanal.embedded.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.kanal.embedded.EmbeddedKafka;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@EmbeddedCluster
class KafkaClusterExtensionTest {
  private static EmbeddedKafka shared;

  @BeforeAll
  static void keep(EmbeddedKafka kafka) {
    shared = kafka;
  }

  @Test
  void shouldGiveTheSameCluster_whenShared(EmbeddedKafka kafka) {
    assertSame(shared, kafka);
  }

  @Test
  @EmbeddedCluster(shared = false)
  void shouldGiveAClusterOfItsOwn_whenTheMethodAsksForOne(
      EmbeddedKafka kafka, EmbeddedKafka again) {
    assertNotEquals(shared.clusterId(), kafka.clusterId());
    assertSame(kafka, again);
  }

  @Test
  void shouldDeleteTheData_whenClosed() throws Exception {
    var cluster = TemporaryCluster.start(1);
    cluster.close();
    assertFalse(Files.exists(cluster.directory()));
  }

  @Test
  void shouldNeverGiveTheSamePrefixTwice() {
    assertEquals(
        1_000, Stream.generate(EmbeddedKafka::uniquePrefix).limit(1_000).distinct().count());
  }

  @Nested
  class InANestedClass {
    @Test
    void shouldGiveTheClusterOfTheOuterClass(EmbeddedKafka kafka) {
      assertSame(shared, kafka);
    }
  }
}
