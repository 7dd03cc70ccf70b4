package dev.kanal.common.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class KnownWorkersTest {
  private static final Duration BRIEFLY = Duration.ofNanos(1);

  private final AtomicLong nanos = new AtomicLong();
  private final KnownWorkers known = new KnownWorkers(nanos::get);

  @Test
  void shouldForgetWhoIsSilent_atTheBound() {
    known.take(worker("a", 1, false), Duration.ZERO);
    nanos.addAndGet(WorkerReport.GONE_AFTER.minus(BRIEFLY).toNanos());
    assertEquals(1, known.live().size());
    assertTrue(known.isHandled("mail", "echo"));

    nanos.addAndGet(BRIEFLY.toNanos());
    assertFalse(known.isHandled("mail", "echo"));
    assertEquals(List.of(), known.live());
    assertTrue(known.of("a").isEmpty());
  }

  @Test
  void shouldCountTheAgeOfWhatWasSaidBefore() {
    known.take(worker("old", 1, false), WorkerReport.GONE_AFTER);
    known.take(worker("new", 1, false), WorkerReport.GONE_AFTER.minus(BRIEFLY));
    assertEquals(
        List.of("new~1"), known.live().stream().map(each -> each.worker().toString()).toList());
  }

  @Test
  void shouldFindTheYoungestOfAName_andForgetWhoHasStopped() {
    known.take(worker("a", 2, false), Duration.ZERO);
    known.take(worker("a", 1, false), Duration.ZERO);
    assertEquals(2, known.of("a").orElseThrow().worker().incarnation());
    assertEquals(1, known.of("a~1").orElseThrow().worker().incarnation());
    assertEquals(1, known.of("a#1").orElseThrow().worker().incarnation(), "as it once was");

    known.remove("a~2");
    assertEquals(1, known.of("a").orElseThrow().worker().incarnation());
  }

  @Test
  void shouldNotCountOnWorkersThatDrain_orDoNotTakeTheQueue() {
    known.take(worker("a", 1, true), Duration.ZERO);
    assertFalse(known.isHandled("mail", "echo"));
    known.take(worker("b", 1, false), Duration.ZERO);
    assertTrue(known.isHandled("mail", "echo"));
    assertFalse(known.isHandled("mail", "send"));
    assertFalse(known.isHandled("other", "echo"));
  }

  @Test
  void shouldRememberSoMany_andMakeRoomForThoseThatCome() {
    for (int i = 0; i < KnownWorkers.MAX; i++) {
      known.take(worker("w" + i, 1, false), Duration.ZERO);
    }
    known.take(worker("more", 1, false), Duration.ZERO);
    assertEquals(KnownWorkers.MAX, known.live().size());
    assertTrue(known.of("more").isEmpty());
    known.take(worker("w0", 1, true), Duration.ZERO);
    assertTrue(known.of("w0").orElseThrow().draining(), "known ones are still heard");

    nanos.addAndGet(WorkerReport.GONE_AFTER.toNanos());
    known.take(worker("more", 1, false), Duration.ZERO);
    assertEquals(1, known.live().size());
  }

  private static WorkerReport worker(String name, int incarnation, boolean draining) {
    return new WorkerReport(
        new WorkerRef(name, incarnation),
        "host",
        "1",
        Instant.EPOCH.plusSeconds(incarnation),
        Instant.EPOCH,
        List.of("mail"),
        List.of("echo"),
        new Slots(1, 1, 0, Map.of()),
        new Running(0, List.of()),
        new Rates(0, 0),
        draining,
        true);
  }
}
