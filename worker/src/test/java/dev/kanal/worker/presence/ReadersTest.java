package dev.kanal.worker.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReadersTest {
  @Test
  void shouldCountThoseOfTheQueueAndThoseOfAll_butNoneThatDrains() {
    Readers readers =
        Readers.of(
            List.of(
                report(false),
                report(false, "a"),
                report(false, "a", "b"),
                report(true),
                report(true, "b")));
    assertEquals(3, readers.applyAsInt("a"));
    assertEquals(2, readers.applyAsInt("b"));
    assertEquals(1, readers.applyAsInt("c"));
  }

  @Test
  void shouldCountThisWorker_whenNoneIsKnown() {
    assertEquals(1, Readers.of(List.of()).applyAsInt("a"));
  }

  private static WorkerReport report(boolean draining, String... queues) {
    return new WorkerReport(
        new WorkerRef("w", 1),
        "h",
        "v",
        Instant.EPOCH,
        Instant.EPOCH,
        List.of(queues),
        List.of(),
        new WorkerReport.Slots(1, 1, 0, Map.of()),
        new WorkerReport.Running(0, List.of()),
        new WorkerReport.Rates(0, 0),
        draining,
        false);
  }
}
