package dev.kanal.common.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static final JobId JOB = JobId.of(1, 1_000, 42);

  @Test
  void shouldGrowByTheMultiplier_upToTheMaximum() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0);
    int[] expected = {1, 2, 4, 8, 10, 10};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(Duration.ofSeconds(expected[i]), backoff.after(JOB, i + 1));
    }
    assertEquals(Duration.ofSeconds(10), backoff.after(JOB, RetryPolicy.MAX_ATTEMPTS));
  }

  @Test
  void shouldSpreadByTheJitter_alikeEachTime() {
    Backoff backoff = new Backoff(Duration.ofSeconds(100), 1, Duration.ofSeconds(100), 0.2);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 2_000; i++) {
      JobId job = JobId.of(1, 1_000 + i, i);
      Duration wait = backoff.after(job, 1);
      assertEquals(wait, backoff.after(job, 1));
      least = Math.min(least, wait.toMillis());
      most = Math.max(most, wait.toMillis());
    }
    assertTrue(least >= 80_000 && least < 81_000, "least " + least);
    assertTrue(most <= 120_000 && most > 119_000, "most " + most);
  }

  @Test
  void shouldRefuseValuesBeyondTheBounds() {
    Duration second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second.negated(), 2, second, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, 0.9, second, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, 100.1, second, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, Double.NaN, second, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, 2, Duration.ZERO, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Backoff(second, 2, Backoff.LONGEST.plusMillis(1), 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, 2, second, 1.01));
  }
}
