package dev.kanal.embedded;

import dev.kanal.embedded.EmbeddedKafkaException.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes Kafka's own topics at start rather than on first use, where the first share group would
 * wait two seconds for the retry after its topic was found missing.
 */
final class InternalTopics {
  private static final String TIMEOUT_MS = "30000";

  private InternalTopics() {}

  /**
   * @param client settings of a client that may make them
   */
  static void create(Map<String, Object> client, List<NewTopic> topics) {
    Map<String, Object> patient = new HashMap<>(client);
    patient.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    try (var admin = Admin.create(patient)) {
      for (var created : admin.createTopics(topics).values().values()) {
        await(created);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedKafkaException(
          Problem.START_FAILED, "Expected to wait for Kafka, but was interrupted", e);
    }
  }

  private static void await(KafkaFuture<Void> created) throws InterruptedException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new EmbeddedKafkaException(
            Problem.START_FAILED, "Expected Kafka to make its own topics, but: " + e.getCause(), e);
      }
    }
  }
}
