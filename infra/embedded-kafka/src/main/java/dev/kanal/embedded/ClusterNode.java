package dev.kanal.embedded;

import dev.kanal.embedded.BrokerSettings.NodePorts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One node of a cluster whose nodes are processes, with Kafka's own defaults but for three replicas
 * of which two are in sync. All nodes get the same ports, and need nothing else in common.
 */
final class ClusterNode implements AutoCloseable {
  private final KafkaNode node;
  private final Faults faults = new Faults(text -> text);

  private ClusterNode(int id, Path directory, List<NodePorts> ports, String clusterId) {
    this.node =
        new KafkaNode(
            id,
            directory.toAbsolutePath(),
            BrokerSettings.defaults(id, directory.toAbsolutePath(), ports),
            new KafkaNode.Surroundings(id, clusterId, ports.size(), faults));
  }

  /**
   * A node that is not started yet.
   *
   * @param ports of all nodes as {@code broker:controller}, with commas in between
   */
  static ClusterNode of(Path directory, int id, String ports) {
    List<NodePorts> all = new ArrayList<>();
    for (String each : ports.split(",")) {
      String[] two = each.split(":");
      all.add(new NodePorts(Integer.parseInt(two[0]), Integer.parseInt(two[1])));
    }
    if (id >= all.size()) {
      throw new IllegalArgumentException(
          "Expected a node from 0 to %d, but got %d".formatted(all.size() - 1, id));
    }
    return new ClusterNode(id, directory, all, clusterId(ports));
  }

  CompletableFuture<Void> start() {
    return node.start();
  }

  @Override
  public void close() {
    faults.ignoreFromNowOn();
    node.stop().join();
  }

  /** The same for all nodes with the same ports. */
  private static String clusterId(String ports) {
    UUID id = UUID.nameUUIDFromBytes(ports.getBytes(StandardCharsets.UTF_8));
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
