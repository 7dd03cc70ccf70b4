package dev.kanal.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * {@code ./kanal kafka DIRECTORY PORT}: a broker alone, for trying several schedulers and workers
 * on one machine. Runs until it is stopped by a signal.
 */
public final class KafkaApplication {
  private static final int USAGE_ERROR = 2;

  private KafkaApplication() {}

  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length == 3
        && arguments[1].matches("\\d")
        && arguments[2].matches("\\d{1,5}:\\d{1,5}(,\\d{1,5}:\\d{1,5}){2,4}")) {
      node(Path.of(arguments[0]), Integer.parseInt(arguments[1]), arguments[2]);
      return;
    }
    if (arguments.length != 2 || !arguments[1].matches("\\d{1,5}")) {
      System.err.println(
          """
          Usage: kanal kafka DIRECTORY PORT (0 for any free port)
                 kanal kafka DIRECTORY NODE PORTS, a node of a cluster of processes with Kafka's own \
          defaults:
                 NODE from 0, PORTS broker:controller of all nodes, with commas in between\
          """);
      System.exit(USAGE_ERROR);
    }
    alone(arguments);
  }

  private static void node(Path directory, int id, String ports) throws InterruptedException {
    ClusterNode node = ClusterNode.of(directory, id, ports);
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
    var started =
        node.start()
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    System.err.println("kanal: " + failure);
                    Runtime.getRuntime().halt(1);
                  }
                  System.out.println("Kafka is ready: node " + id);
                });
    started.join();
    new CountDownLatch(1).await();
  }

  private static void alone(String[] arguments) throws InterruptedException {
    try {
      var kafka = EmbeddedKafka.persistent(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
      var _ = kafka.failed().thenAccept(fault -> Runtime.getRuntime().halt(1));
      System.out.println("Kafka is ready: " + kafka.bootstrapServers());
      new CountDownLatch(1).await();
    } catch (EmbeddedKafkaException e) {
      System.err.println("kanal: " + e.getMessage());
      System.exit(1);
    }
  }
}
