package dev.kanal.process.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A Kafka of another version, one node, as its makers ship it: a process with its own jars. */
public record Broker(String bootstrap) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Begins to start; whoever needs it waits for it.
   *
   * @param version for which there is a module in {@code infra/brokers}
   */
  public static Broker start(Programs programs, Path directory, String version)
      throws IOException, InterruptedException {
    Path jars = Path.of("..", "brokers", version, "target", "lib").toAbsolutePath().normalize();
    if (!Files.exists(jars.resolve("kafka_2.13-" + version + ".jar"))) {
      throw new AssertionError("Expected the build to have put Kafka " + version + " into " + jars);
    }
    int port = freePort();
    Path settings = Files.createDirectories(directory).resolve("server.properties");
    Files.write(settings, settings(directory, port, freePort()));
    Program format =
        programs.java(
            "format-" + version,
            jars,
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            "a2FuYWwtYnJva2VyLTAwMQ",
            "--config",
            settings.toString());
    assertEquals(0, format.awaitExit(PATIENCE), format::printed);
    programs.java("kafka-" + version, jars, "kafka.Kafka", settings.toString());
    return new Broker("127.0.0.1:" + port);
  }

  /** Its defaults, but for what one node alone cannot do, and a wait of 3 s for more members. */
  private static List<String> settings(Path directory, int port, int controllerPort) {
    return List.of(
        "process.roles=broker,controller",
        "node.id=1",
        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
        "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
            .formatted(port, controllerPort),
        "controller.listener.names=CONTROLLER",
        "log.dirs=" + directory.resolve("logs"),
        "auto.create.topics.enable=false",
        "group.initial.rebalance.delay.ms=0",
        "offsets.topic.replication.factor=1",
        "offsets.topic.num.partitions=4",
        "transaction.state.log.replication.factor=1",
        "transaction.state.log.min.isr=1",
        "transaction.state.log.num.partitions=4",
        "share.coordinator.state.topic.replication.factor=1",
        "share.coordinator.state.topic.min.isr=1",
        "share.coordinator.state.topic.num.partitions=4");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
