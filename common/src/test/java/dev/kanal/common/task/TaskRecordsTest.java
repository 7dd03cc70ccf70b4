package dev.kanal.common.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class TaskRecordsTest {
  private static final JobId JOB = JobId.of(5, 1_700_000_000_123L, 77);
  private static final Task FULL =
      new Task(
          JOB,
          "http",
          2,
          3,
          Suspicion.ALONE,
          true,
          true,
          Duration.ofSeconds(30),
          Instant.ofEpochMilli(1_700_000_009_000L),
          Instant.ofEpochMilli(1_700_000_001_000L),
          new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", "c=d"),
          JsonBytes.of("{\"ü\": 1 }"),
          null,
          Past.NONE,
          Duration.ofSeconds(7));

  /** The public form of version 1; docs/RECORDS.md describes it. */
  @Test
  void shouldWriteTheDocumentedHeaders() {
    Map<String, String> headers = new TreeMap<>();
    ProducerRecord<byte[], byte[]> record = TaskRecords.encode("kanal.tasks.a.normal", FULL);
    record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
    assertEquals(
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("kanal-job", JOB.toString()),
                Map.entry("kanal-type", "http"),
                Map.entry("kanal-attempt", "2"),
                Map.entry("kanal-dispatch", "3"),
                Map.entry("kanal-suspect", "alone"),
                Map.entry("kanal-permit", "true"),
                Map.entry("kanal-strict", "true"),
                Map.entry("kanal-timeout", "30000"),
                Map.entry("kanal-deadline", "1700000009000"),
                Map.entry("kanal-backoff", "7000"),
                Map.entry("kanal-enqueued", "1700000001000"),
                Map.entry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                Map.entry("tracestate", "a=b"),
                Map.entry("baggage", "c=d"),
                Map.entry("content-type", "application/json"))),
        headers);
    assertEquals(JOB.toString(), text(record.key()));
    assertArrayEquals(FULL.payload().utf8(), record.value());
  }

  @Test
  void shouldReadWhatItWrites_withAndWithoutOptionalHeaders() {
    Task least =
        new Task(
            JOB,
            "sum",
            1,
            1,
            Suspicion.NONE,
            false,
            false,
            Duration.ofMinutes(10),
            null,
            Instant.ofEpochMilli(5),
            TraceContext.NONE,
            JsonBytes.NULL,
            null,
            Past.NONE,
            Backoff.DEFAULT.after(JOB, 1));
    Task lost =
        new Task(
            JOB,
            "sum",
            1,
            2,
            Suspicion.LOST,
            false,
            false,
            Duration.ofMinutes(10),
            null,
            Instant.ofEpochMilli(5),
            TraceContext.NONE,
            JsonBytes.NULL,
            null,
            Past.NONE,
            Duration.ZERO);
    for (Task task : List.of(FULL, least, lost)) {
      assertEquals(task, TaskRecords.decode(received(TaskRecords.encode("t", task))));
    }
    assertNull(TaskRecords.encode("t", least).headers().lastHeader("kanal-backoff"));
  }

  @Test
  void shouldNameTheHeaderThatIsMissingOrWrong() {
    for (String name :
        List.of("kanal-job", "kanal-type", "kanal-attempt", "kanal-dispatch", "kanal-timeout")) {
      ProducerRecord<byte[], byte[]> missing = TaskRecords.encode("t", FULL);
      missing.headers().remove(name);
      assertUnreadable(name, missing);
    }
    for (String name : List.of("kanal-job", "kanal-attempt", "kanal-dispatch", "kanal-deadline")) {
      ProducerRecord<byte[], byte[]> wrong = TaskRecords.encode("t", FULL);
      wrong.headers().remove(name).add(name, "0x".getBytes(StandardCharsets.UTF_8));
      assertUnreadable(name, wrong);
    }
  }

  private static void assertUnreadable(String name, ProducerRecord<byte[], byte[]> record) {
    var e =
        assertThrows(UnreadableException.class, () -> TaskRecords.decode(received(record)), name);
    assertTrue(String.valueOf(e.getMessage()).contains(name), e.getMessage());
  }

  private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
    var record = new ConsumerRecord<>("t", 0, 0L, sent.key(), sent.value());
    sent.headers().forEach(record.headers()::add);
    return record;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
