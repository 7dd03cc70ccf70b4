package dev.kanal.common.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kanal.common.binary.UnreadableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Records of {@code kanal.queues}: by name, the settings as JSON; a tombstone once the queue is
 * deleted. The header {@code kanal-revision} stands on both.
 */
public final class QueueRecords {
  private static final String REVISION = "kanal-revision";

  private QueueRecords() {}

  public static ProducerRecord<byte[], byte[]> encode(String topic, QueueRecord said) {
    QueueSettings settings = said.settings();
    byte[] value =
        settings == null ? null : QueueSettingsJson.write(said.queue(), settings, said.revision());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, 0, said.queue().getBytes(UTF_8), value);
    record.headers().add(REVISION, Long.toString(said.revision()).getBytes(UTF_8));
    return record;
  }

  /**
   * Reads a record.
   *
   * @throws UnreadableException if it is not one of this topic
   */
  public static QueueRecord decode(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      throw new UnreadableException("Expected the name of a queue, but the record has no key");
    }
    if (record.value() == null) {
      return new QueueRecord(new String(record.key(), UTF_8), null, revision(record));
    }
    return QueueSettingsJson.read(record.value());
  }

  private static long revision(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(REVISION);
    try {
      return header == null ? 0 : Long.parseLong(new String(header.value(), UTF_8));
    } catch (NumberFormatException e) {
      throw new UnreadableException("Expected a number in " + REVISION + ", but got another");
    }
  }
}
