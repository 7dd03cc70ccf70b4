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
    if (arguments.length != 2 || !arguments[1].matches("\\d{1,5}")) {
      System.err.println("Usage: kanal kafka DIRECTORY PORT (0 for any free port)");
      System.exit(USAGE_ERROR);
    }
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
