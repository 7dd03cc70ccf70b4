package dev.kanal.embedded.junit;

/**
 * The Kafka that all tests of a run share, known by its address alone: an {@code EmbeddedKafka}, or
 * a container, as the system property {@value #CHOICE} says. Tests that kill nodes take an {@code
 * EmbeddedKafka} instead.
 *
 * @param bootstrapServers for clients
 */
public record TestKafka(String bootstrapServers) {
  /**
   * {@code embedded} (the default), {@code container} (fails without a Docker engine), or {@code
   * auto}: a container if an engine answers.
   */
  public static final String CHOICE = "kanal.test.kafka";
}
