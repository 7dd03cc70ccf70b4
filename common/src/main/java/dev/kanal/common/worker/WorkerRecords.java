package dev.kanal.common.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.log.WorkerRef;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of {@code kanal.workers}: by {@code name#incarnation}, the report as JSON; a tombstone
 * once the worker has stopped.
 */
public final class WorkerRecords {
  private WorkerRecords() {}

  /**
   * @param report null once the worker has stopped
   */
  public static ProducerRecord<byte[], byte[]> encode(
      String topic, WorkerRef worker, @Nullable WorkerReport report) {
    byte[] value = report == null ? null : WorkerReportJson.write(report);
    return new ProducerRecord<>(topic, 0, worker.recordKey().getBytes(UTF_8), value);
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
