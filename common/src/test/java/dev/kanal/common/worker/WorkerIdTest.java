package dev.kanal.common.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.log.WorkerRef;
import java.net.URI;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class WorkerIdTest {
  private static final WorkerRef WORKER = new WorkerRef("mailer_1.example-a", 0xcafe);

  @Test
  void shouldStandInAPathAsItIs() {
    URI uri = URI.create("http://localhost:8080/v1/workers/" + WORKER + "/drain");
    assertEquals("/v1/workers/mailer_1.example-a~cafe/drain", uri.getRawPath());
    assertEquals(uri.getPath(), uri.getRawPath());
  }

  @Test
  void shouldBeTheSame_whenAnOlderReleaseWroteIt() {
    assertEquals(WORKER.toString(), WorkerRef.shown("mailer_1.example-a#cafe"));
    assertEquals("a#b~1", WorkerRef.shown("a#b#1"), "a name that nobody checked");
    assertEquals(WORKER.toString(), WorkerRef.shown(WORKER.toString()));
    assertEquals("", WorkerRef.shown(""));
  }

  /**
   * Otherwise a scheduler of one release would not see that a worker of another release has
   * stopped.
   */
  @Test
  void shouldKeepTheKeyOfItsRecords() {
    byte[] key = WorkerRecords.encode("kanal.workers", WORKER, null).key();
    assertEquals("mailer_1.example-a#cafe", new String(key, UTF_8));
    assertEquals(
        WORKER.toString(),
        WorkerRecords.id(new ConsumerRecord<>("kanal.workers", 0, 0, key, null)));
  }

  @Test
  void shouldTellAPulseFromTheEndOfAWorker() {
    byte[] pulse = WorkerRecords.pulse("kanal.workers", WORKER).key();
    byte[] end = WorkerRecords.encode("kanal.workers", WORKER, null).key();
    assertEquals("~mailer_1.example-a#cafe", new String(pulse, UTF_8));
    assertEquals(
        Optional.of(WORKER.toString()),
        WorkerRecords.pulseOf(new ConsumerRecord<>("kanal.workers", 0, 0, pulse, null)));
    assertEquals(
        Optional.empty(),
        WorkerRecords.pulseOf(new ConsumerRecord<>("kanal.workers", 0, 0, end, null)));
  }
}
