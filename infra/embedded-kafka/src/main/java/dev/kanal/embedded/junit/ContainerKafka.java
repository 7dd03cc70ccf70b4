package dev.kanal.embedded.junit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A broker as its makers ship it, in a container. Loaded only where it is asked for: needs {@code
 * org.testcontainers:testcontainers-kafka}. It is stopped by JUnit's store, and by the end of the
 * JVM if that comes first, so that it needs no reaper ({@code TESTCONTAINERS_RYUK_DISABLED}).
 */
final class ContainerKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TestKafka.class);
  private static final String IMAGE = "apache/kafka:4.3.1";

  private final KafkaContainer container;
  private final Thread stopAtExit;

  private ContainerKafka(KafkaContainer container) {
    this.container = container;
    this.stopAtExit = new Thread(container::stop, "kanal-test-kafka-stop");
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  static boolean isPossible() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** Returns when it serves. What one broker alone needs is set, and that groups form quickly. */
  static ContainerKafka start() {
    KafkaContainer container =
        new KafkaContainer(IMAGE)
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_NUM_PARTITIONS", "4")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4")
            .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4")
            .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
            .withEnv("KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "250")
            .withEnv("KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "500")
            .withEnv("KAFKA_GROUP_SHARE_MAX_SIZE", "1000")
            .withEnv("KAFKA_GROUP_SHARE_MIN_RECORD_LOCK_DURATION_MS", "1000");
    ContainerKafka started = new ContainerKafka(container);
    try {
      container.start();
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
    LOG.info(
        "The tests' Kafka is {} in the container {}, at {}",
        IMAGE,
        container.getContainerId().substring(0, 12),
        container.getBootstrapServers());
    return started;
  }

  TestKafka kafka() {
    return new TestKafka(container.getBootstrapServers());
  }

  @Override
  public void close() {
    container.stop();
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM ends already", e);
    }
  }
}
