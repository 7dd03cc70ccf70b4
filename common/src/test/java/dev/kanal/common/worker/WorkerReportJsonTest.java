package dev.kanal.common.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport.QueueUse;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.RunningTask;
import dev.kanal.common.worker.WorkerReport.Slots;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerReportJsonTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  @Test
  void shouldReadWhatItWrote() {
    WorkerReport report = report();
    assertEquals(report, WorkerReportJson.read(WorkerReportJson.write(report)));
  }

  @Test
  void shouldLeaveUnknownFieldsAlone_andTakeNothingForMissingOnes() {
    String later =
        "{\"worker\":\"w\",\"incarnation\":\"ff\",\"news\":{\"a\":[1]},"
            + "\"slots\":{\"queues\":{\"mail\":{\"busy\":3,\"more\":[{}]}}}}";
    WorkerReport read = WorkerReportJson.read(later.getBytes(StandardCharsets.UTF_8));
    assertEquals(new WorkerRef("w", 255), read.worker());
    assertEquals(Map.of("mail", new QueueUse(3, 0, 0, 0, 0)), read.slots().queues());
    assertEquals(List.of(), read.types());
    assertFalse(read.ownTopics(), "an earlier release does not say so");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "7", "{\"at\":\"noon\"}", "{\"incarnation\":\"xyz\"}", "{\"slots\":3}"})
  void shouldSayThatItIsNoReport(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String said =
        String.valueOf(
            assertThrows(UnreadableException.class, () -> WorkerReportJson.read(bytes))
                .getMessage());
    assertTrue(said.startsWith("Expected a worker's report, but"), said);
  }

  static WorkerReport report() {
    JobId job = JobId.create(3, NOW, new Random(7));
    return new WorkerReport(
        new WorkerRef("w-1", 0xcafeL),
        "host",
        "1.0",
        NOW.minusSeconds(60),
        NOW,
        List.of("mail"),
        List.of("echo", "send"),
        new Slots(100, 64, 2, Map.of("mail", new QueueUse(2, 64, 300, 120, 60.5))),
        new Running(2, List.of(new RunningTask(job, "send", 2, "mail", NOW.minusSeconds(3)))),
        new Rates(2.5, 2.0),
        true,
        true);
  }
}
