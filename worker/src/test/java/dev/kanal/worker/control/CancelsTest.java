package dev.kanal.worker.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CancelsTest {
  private static final Instant START = ManualClocks.WALL_ORIGIN;

  private final ManualClocks time = new ManualClocks();
  private final Cancels cancels = new Cancels(time.clocks());

  @Test
  void shouldKnowDispatchesUpToTheCancelledOne() {
    cancels.add(job(1), 3);
    cancels.add(job(1), 2);

    assertTrue(cancels.contains(job(1), 1));
    assertTrue(cancels.contains(job(1), 3));
    assertFalse(cancels.contains(job(1), 4));
    assertFalse(cancels.contains(job(2), 1));
  }

  @Test
  void shouldCoverNothing_untilItIsInformed() {
    assertFalse(cancels.coversSince(START));

    cancels.completeFrom(START);

    assertTrue(cancels.coversSince(START));
    assertFalse(cancels.coversSince(START.minusMillis(1)));
  }

  @Test
  void shouldForgetAndKnowThatItDoes_whenACancelIsOld() {
    cancels.completeFrom(START);
    time.advance(Duration.ofMinutes(1));
    cancels.add(job(1), 1);
    time.advance(Cancels.KEPT.minusMillis(1));
    assertTrue(cancels.coversSince(START));

    time.advance(Duration.ofMillis(1));

    assertFalse(cancels.coversSince(START.plus(Duration.ofMinutes(1)).minusMillis(1)));
    assertTrue(cancels.coversSince(START.plus(Duration.ofMinutes(1))));
    assertEquals(0, cancels.size());
  }

  @Test
  void shouldForgetTheOldest_whenThereAreTooMany() {
    cancels.completeFrom(START);
    for (int i = 0; i < Cancels.MAX; i++) {
      cancels.add(job(i), 1);
    }
    time.advance(Duration.ofSeconds(1));
    assertTrue(cancels.contains(job(0), 1));

    cancels.add(job(0), 2);
    cancels.add(job(Cancels.MAX), 1);

    assertEquals(Cancels.MAX, cancels.size());
    assertTrue(cancels.contains(job(0), 2));
    assertFalse(cancels.contains(job(1), 1));
    assertTrue(cancels.contains(job(Cancels.MAX), 1));
  }

  @Test
  void shouldCountEveryDispatch_whenOneJobIsCancelledAgainAndAgain() {
    Cancels small = new Cancels(time.clocks(), 2);
    for (int dispatch = 1; dispatch <= 5; dispatch++) {
      small.add(job(1), dispatch);
    }

    assertEquals(1, small.size());
    assertTrue(small.contains(job(1), 5));
  }

  private static JobId job(int number) {
    return JobId.of(0, 1_000, number);
  }
}
