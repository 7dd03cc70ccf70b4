package dev.kanal.common.channel;

import dev.kanal.common.binary.UnreadableException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A value received, to be settled.
 *
 * @param count how often the channel delivered it, this time included; starts again at 1 when a
 *     broker restarts, so a low count proves nothing
 */
public record Delivery<T>(
    Content<T> content, ConsumerRecord<byte[], byte[]> record, int count, Instant appendedAt) {
  /** A record that was decoded. */
  public sealed interface Content<T> {
    record Value<T>(T value) implements Content<T> {}

    /** A record that could not be decoded: to be put into quarantine and rejected. */
    record Unreadable<T>(UnreadableException why) implements Content<T> {}
  }
}
