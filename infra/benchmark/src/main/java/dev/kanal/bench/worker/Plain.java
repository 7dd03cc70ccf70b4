package dev.kanal.bench.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records without any of Kanal's fields: less to carry than its tasks and outcomes. */
final class Plain {
  private static final int KEYS = 10_000;
  private static final int OUTCOME_BYTES = 100;
  private static final byte[] PAYLOAD =
      "x".repeat(Site.PAYLOAD_BYTES).getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OUTCOME =
      "y".repeat(OUTCOME_BYTES).getBytes(StandardCharsets.US_ASCII);

  private Plain() {}

  static ProducerRecord<byte[], byte[]> task(Site site, int number) {
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(number % KEYS).array();
    return new ProducerRecord<>(site.tasks(), key, PAYLOAD);
  }

  static ProducerRecord<byte[], byte[]> outcome(Site site, byte[] key) {
    return new ProducerRecord<>(site.outcomes(), key, outcome());
  }

  static byte[] outcome() {
    return OUTCOME;
  }
}
