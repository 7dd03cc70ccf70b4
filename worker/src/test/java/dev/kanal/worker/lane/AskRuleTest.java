package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.worker.control.Cancels;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class AskRuleTest {
  private final Cancels cancels = new Cancels(new ManualClocks().clocks());
  private final AskRule rule = new AskRule(cancels, false);
  private final AskRule aboutOld = new AskRule(cancels, true);
  private final Task plain = LaneFixture.task(1);
  private final Task permit = LaneFixture.task(1, Suspicion.NONE, true, false);

  @Test
  void shouldAsk_whenTheTaskMayRunOrHaveRunElsewhere() {
    cancels.completeFrom(Instant.EPOCH);

    assertEquals(false, mustAsk(rule, plain, 1, false));
    assertEquals(true, mustAsk(rule, plain, 2, false));
    assertEquals(true, mustAsk(rule, plain, 1, true));
    assertEquals(true, mustAsk(rule, LaneFixture.task(1, Suspicion.LOST, false, false), 1, false));
    assertEquals(true, mustAsk(rule, LaneFixture.task(1, Suspicion.NONE, false, true), 1, false));
  }

  /** Hazard 7e. */
  @Test
  void shouldAskAboutPermits_whenTheyAreOlderThanTheViewOfCancels() {
    assertEquals(true, mustAsk(rule, permit, 1, false));
    cancels.completeFrom(Instant.EPOCH.plusMillis(1));
    assertEquals(true, mustAsk(rule, permit, 1, false));
    assertEquals(false, mustAsk(rule, plain, 1, false));
    cancels.completeFrom(Instant.EPOCH);
    assertEquals(false, mustAsk(rule, permit, 1, false));
  }

  /** Hazard 4A. */
  @Test
  void shouldAskAboutEverythingOlder_whenBrokerAndWorkerDieTogether() {
    cancels.completeFrom(Instant.EPOCH.plusMillis(1));
    assertEquals(true, mustAsk(aboutOld, plain, 1, false));
    cancels.completeFrom(Instant.EPOCH);
    assertEquals(false, mustAsk(aboutOld, plain, 1, false));
  }

  private static boolean mustAsk(AskRule rule, Task task, int deliveries, boolean stale) {
    return rule.mustAsk(task, LaneFixture.delivery(task, deliveries), stale);
  }
}
