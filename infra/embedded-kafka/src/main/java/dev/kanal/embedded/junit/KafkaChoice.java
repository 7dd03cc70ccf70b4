package dev.kanal.embedded.junit;

import java.util.Arrays;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which Kafka tests get that only need its address. */
enum KafkaChoice {
  EMBEDDED,
  CONTAINER,
  AUTO;

  private static final Logger LOG = LoggerFactory.getLogger(TestKafka.class);

  /**
   * By the system property.
   *
   * @throws IllegalArgumentException if that is something else
   */
  static KafkaChoice made() {
    return of(System.getProperty(TestKafka.CHOICE, ""));
  }

  static KafkaChoice of(String text) {
    if (text.isEmpty()) {
      return EMBEDDED;
    }
    return Arrays.stream(values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Expected %s to be embedded, container or auto, but got %s"
                        .formatted(TestKafka.CHOICE, text)));
  }

  /** Whether to start a container; says why not, if there is none where there might be. */
  boolean isContainer() {
    return switch (this) {
      case EMBEDDED -> false;
      case CONTAINER -> true;
      case AUTO -> {
        boolean can = isOnClassPath() && ContainerKafka.isPossible();
        if (!can) {
          LOG.info("No Docker engine answers, or Testcontainers is missing");
        }
        yield can;
      }
    };
  }

  private static boolean isOnClassPath() {
    try {
      Class.forName(
          "org.testcontainers.kafka.KafkaContainer", false, KafkaChoice.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }
}
