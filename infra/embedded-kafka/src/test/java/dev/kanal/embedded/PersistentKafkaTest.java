package dev.kanal.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersistentKafkaTest {
  @TempDir Path directory;

  @Test
  void shouldKeepRecordsAndCommittedOffsets_whenStartedAgain() throws Exception {
    String clusterId;
    try (var kafka = EmbeddedKafka.persistent(directory, 0)) {
      clusterId = kafka.clusterId();
      var clients = Clients.of(kafka);
      clients.createTopic("jobs", 1);
      clients.startGroupAtEarliest("lanes");
      clients.produce("jobs", List.of("one", "two"));
      assertEquals(List.of("one", "two"), clients.readAsGroup("readers", "jobs", 2));
      assertEquals(List.of("one", "two"), clients.readAsShareGroup("lanes", "jobs", 2));
      clients.produce("jobs", List.of("three"));
    }

    try (var kafka = EmbeddedKafka.persistent(directory, 0)) {
      var clients = Clients.of(kafka);
      assertEquals(clusterId, kafka.clusterId());
      assertEquals(List.of("three"), clients.readAsGroup("readers", "jobs", 1));
      assertEquals(List.of("three"), clients.readAsShareGroup("lanes", "jobs", 1));
      assertEquals(List.of("one", "two", "three"), clients.readAsGroup("others", "jobs", 3));
    }
  }

  @Test
  void shouldKeepAcknowledgedRecords_whenItsProcessWasKilled() throws Exception {
    try (var owner = KafkaOwnerApplication.start(directory)) {
      owner.killAndWait();
    }

    try (var kafka = EmbeddedKafka.persistent(directory, 0)) {
      var clients = Clients.of(kafka);
      assertEquals(
          KafkaOwnerApplication.RECORDS,
          clients.readAsGroup(
              "readers", KafkaOwnerApplication.TOPIC, KafkaOwnerApplication.RECORDS.size()));
    }
  }

  @Test
  void shouldListenOnThePortAskedForAndOnLoopbackOnly() throws Exception {
    int port = new Ports().take(0);
    try (var kafka = EmbeddedKafka.persistent(directory, port);
        // Fails if Kafka listens on all addresses.
        var neighbour = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"))) {
      assertEquals(port, neighbour.getLocalPort());
      assertEquals("127.0.0.1:" + port, kafka.bootstrapServers());
      assertEquals(port, kafka.port(0));
    }
  }

  @Test
  void shouldLeaveNothingRunning_whenClosedTwice() {
    var before = NonDaemonThreads.now();
    var kafka = EmbeddedKafka.persistent(directory, 0);
    assertTrue(NonDaemonThreads.now().size() > before.size());

    kafka.close();
    kafka.close();

    assertEquals(List.of(), NonDaemonThreads.addedSince(before));
  }
}
