package dev.kanal.worker.report;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.Texts;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** An unreadable record on its way to quarantine. */
public record Unread(ConsumerRecord<byte[], byte[]> record, UnreadableException why) {
  /** Header: why the record is in quarantine. */
  public static final String ERROR = "kanal-error";

  /** Header: the topic, partition and offset it came from, as {@code topic-partition@offset}. */
  public static final String SOURCE = "kanal-source";

  private static final int ERROR_MAX = 1_000;

  /** The same key, value and headers, with two more headers. */
  public ProducerRecord<byte[], byte[]> toQuarantine(String topic) {
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers());
    copy.headers()
        .remove(ERROR)
        .remove(SOURCE)
        .add(ERROR, utf8(Texts.cut(String.valueOf(why.getMessage()), ERROR_MAX)));
    copy.headers()
        .add(SOURCE, utf8(record.topic() + "-" + record.partition() + "@" + record.offset()));
    return copy;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
