package dev.kanal.common.channel;

import dev.kanal.common.binary.UnreadableException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A value received, to be settled.
 *
 * @param count how often the channel delivered it, this time included; starts anew when a broker
 *     restarts, so it proves nothing when it is low
 */
public record Delivery<T>(
    Content<T> content, ConsumerRecord<byte[], byte[]> record, int count, Instant appendedAt) {
  /** What the record held. */
  public sealed interface Content<T> {
    record Value<T>(T value) implements Content<T> {}

    /** To be put into quarantine and rejected. */
    record Unreadable<T>(UnreadableException why) implements Content<T> {}
  }
}
