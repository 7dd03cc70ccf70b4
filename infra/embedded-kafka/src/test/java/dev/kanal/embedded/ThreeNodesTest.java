package dev.kanal.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.embedded.junit.EmbeddedCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreeNodesTest {
  private static final Duration POLL = Duration.ofMillis(100);

  @Test
  @EmbeddedCluster(nodes = 3, shared = false)
  void shouldServeWithTwoNodesAndHealWithTheThird_whenOneIsKilled(EmbeddedKafka kafka)
      throws Exception {
    var clients = Clients.of(kafka);
    clients.createTopic("jobs", 3);
    clients.startGroupAtEarliest("lanes");
    clients.produce("jobs", List.of("one"));
    String address = kafka.bootstrapServers();

    kafka.kill(0);
    clients.produce("jobs", List.of("two", "three", "four"));
    assertEquals(2, smallestInSync(clients, "jobs", 2));

    kafka.restart(0);
    assertEquals(3, smallestInSync(clients, "jobs", 3));
    assertEquals(address, kafka.bootstrapServers());
    assertEquals(4, clients.readAsShareGroup("lanes", "jobs", 4).size());
  }

  @Test
  void shouldStopInTimeAndLeaveNothingRunning_whenThreeNodesStopTogether(@TempDir Path directory) {
    var before = NonDaemonThreads.now();
    var kafka = EmbeddedKafka.cluster(3, directory);
    assertTrue(NonDaemonThreads.now().size() > before.size());

    assertTimeout(Duration.ofSeconds(15), kafka::close);

    assertEquals(List.of(), NonDaemonThreads.addedSince(before));
  }

  /** Waits until the partition with the fewest replicas in sync has as many as wanted. */
  private static int smallestInSync(Clients clients, String topic, int wanted)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + Clients.LIMIT.toNanos();
    try (var admin = clients.admin()) {
      int smallest = -1;
      while (smallest != wanted && System.nanoTime() < deadline) {
        LockSupport.parkNanos(POLL.toNanos());
        smallest =
            admin
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get(Clients.LIMIT.toSeconds(), TimeUnit.SECONDS)
                .values()
                .stream()
                .flatMap(description -> description.partitions().stream())
                .mapToInt(partition -> partition.isr().size())
                .min()
                .orElseThrow();
      }
      return smallest;
    }
  }
}
