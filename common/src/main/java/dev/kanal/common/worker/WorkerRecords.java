package dev.kanal.common.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.log.WorkerRef;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of {@code kanal.workers}: by {@code name#incarnation}, the report as JSON; a tombstone
 * once the worker has stopped. Between reports a worker only sends a pulse: {@code
 * ~name#incarnation} without a value, which readers of earlier releases take for the end of a
 * worker that never existed.
 */
public final class WorkerRecords {
  private static final String PULSE = "~";

  private WorkerRecords() {}

  /**
   * @param report null once the worker has stopped
   */
  public static ProducerRecord<byte[], byte[]> encode(
      String topic, WorkerRef worker, @Nullable WorkerReport report) {
    byte[] value = report == null ? null : WorkerReportJson.write(report);
    return new ProducerRecord<>(topic, 0, worker.recordKey().getBytes(UTF_8), value);
  }

  /** The pulse of a worker. */
  public static ProducerRecord<byte[], byte[]> pulse(String topic, WorkerRef worker) {
    return new ProducerRecord<>(topic, 0, (PULSE + worker.recordKey()).getBytes(UTF_8), null);
  }

  /** Whose pulse it is; empty if it is another kind of record. */
  static Optional<String> pulseOf(ConsumerRecord<byte[], byte[]> record) {
    String id = id(record);
    return record.value() == null && id.startsWith(PULSE)
        ? Optional.of(id.substring(PULSE.length()))
        : Optional.empty();
  }

  /**
   * Whose record it is: a worker's id as it is shown.
   *
   * @throws UnreadableException if it is not one of this topic
   */
  static String id(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      throw new UnreadableException("Expected the id of a worker, but the record has no key");
    }
    return WorkerRef.shown(new String(record.key(), UTF_8));
  }
}
