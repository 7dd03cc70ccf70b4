package dev.kanal.common.channel;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How long Kafka gets for a value that a caller waits for. Together with the wait in a {@link
 * HandoffSink} its fate is known within five seconds: after that it is never sent.
 */
public final class SendLimits {
  /** Settings of the producer. */
  public static final Map<String, Object> CLIENT =
      Map.of(
          ProducerConfig.MAX_BLOCK_MS_CONFIG, 700,
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_500,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3_000,
          ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 250,
          ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 1_500);

  private SendLimits() {}
}
