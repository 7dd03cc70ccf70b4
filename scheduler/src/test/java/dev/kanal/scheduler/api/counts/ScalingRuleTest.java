package dev.kanal.scheduler.api.counts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReport.QueueUse;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.Slots;
import dev.kanal.scheduler.api.counts.ScalingRule.QueueWorkers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

final class ScalingRuleTest {
  /** Tasks of 2 s, as measured: a slot does half a task a second. */
  private static final int FINISHED = 50;

  private static final double RAN_SECONDS = 100;

  @ParameterizedTest(name = "{0}: lag {1}, in flight {2}, {3} workers of {4} slots -> {6}")
  @CsvSource({
    // what,                          lag, in flight, workers, slots, measured, desired
    "nothing to do,                     0,   0,  3, 10, 1,    1",
    "one job,                           1,   0,  3, 10, 1,    1",
    "within the target with one,      150,   0,  1, 10, 1,    1",
    "just too many for one,           151,   0,  1, 10, 1,    2",
    "what runs keeps its slots,         0,  35,  4, 10, 1,    4",
    "what runs and what waits,        300,  40,  4, 10, 1,    4",
    "more waits than runs,          30000,   5,  4, 10, 1,   20",
    "nobody there; nothing measured, 2500,   0,  0,  0, 0,   3",
    "nothing measured,                 25,   0,  2, 10, 0,   3",
    "never more slots than jobs,        7,   0,  2,  1, 0,   7",
    "bound from above,           99999999,   0,  1,  1, 1,   20",
  })
  void shouldWantAsManyAsTheBacklogNeeds(ArgumentsAccessor row) {
    long lag = number(row, 1);
    int inFlight = number(row, 2);
    int workers = number(row, 3);
    boolean measured = number(row, 5) > 0;
    QueueWorkers ofQueue =
        new QueueWorkers(
            inFlight,
            workers * number(row, 4),
            workers,
            measured ? FINISHED : 0,
            measured ? RAN_SECONDS : 0);
    Scaling scaling = new Scaling(1, 20, 30);

    int desired = ScalingRule.desiredWorkers(lag, inFlight, ofQueue, scaling);

    assertEquals(number(row, 6), desired, String.valueOf(row.get(0)));
  }

  private static int number(ArgumentsAccessor row, int column) {
    return Integer.parseInt(String.valueOf(row.get(column)));
  }

  @Test
  void shouldWantOne_whenThereIsSomethingToDo_evenIfNoneIsTheLeast() {
    Scaling scaling = new Scaling(0, 5, 30);
    QueueWorkers ofQueue = new QueueWorkers(0, 100, 1, FINISHED, RAN_SECONDS);
    assertEquals(1, ScalingRule.desiredWorkers(1, 0, ofQueue, scaling));
    assertEquals(0, ScalingRule.desiredWorkers(0, 0, ofQueue, scaling));
    assertEquals(0, ScalingRule.desiredWorkers(0, 0, QueueWorkers.NONE, scaling));
  }

  @Test
  void shouldTakeLongerTargetsForFewerWorkers() {
    QueueWorkers ofQueue = new QueueWorkers(0, 10, 1, FINISHED, RAN_SECONDS);
    assertEquals(20, ScalingRule.desiredWorkers(30_000, 0, ofQueue, new Scaling(0, 100, 300)));
    assertEquals(2, ScalingRule.desiredWorkers(30_000, 0, ofQueue, new Scaling(0, 100, 3_000)));
  }

  @Test
  void shouldCountWhatADrainingWorkerRuns_butNotItsSlots() {
    QueueUse use = new QueueUse(3, 8, 0, 10, 5.0);
    QueueWorkers ofQueue =
        QueueWorkers.of(
            "mail",
            List.of(
                worker("a", List.of(), use, false),
                worker("b", List.of("mail"), use, true),
                worker("c", List.of("other"), use, false)));
    assertEquals(new QueueWorkers(9, 8, 1, 30, 15.0), ofQueue);
  }

  private static WorkerReport worker(
      String name, List<String> queues, QueueUse use, boolean draining) {
    return new WorkerReport(
        new WorkerRef(name, 1),
        "host",
        "1",
        Instant.EPOCH,
        Instant.EPOCH,
        queues,
        List.of(),
        new Slots(8, 8, 3, Map.of("mail", use)),
        new Running(3, List.of()),
        new Rates(0, 0),
        draining,
        true);
  }
}
