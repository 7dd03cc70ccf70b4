package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RecentRunsTest {
  private final AtomicLong now = new AtomicLong();
  private final RecentRuns runs = new RecentRuns(now::get, 3);
  private final CompletableFuture<Void> known = new CompletableFuture<>();

  @Test
  void shouldAnswerEarlierRun_whenDispatchComesAgain() {
    assertNull(runs.take(job(1), 1, known));

    assertSame(known, runs.take(job(1), 1, new CompletableFuture<>()));
    assertNull(runs.take(job(1), 2, new CompletableFuture<>()));
  }

  @Test
  void shouldTakeAnOlderDispatchForACopy_alsoWhenTheNewerWasGivenBack() {
    assertNull(runs.take(job(1), 4, known));

    CompletableFuture<Void> older = runs.take(job(1), 3, new CompletableFuture<>());
    assertTrue(older != null && older.isDone());
    runs.forget(job(1), 4);
    assertNotNull(runs.take(job(1), 3, new CompletableFuture<>()));
    assertNull(runs.take(job(1), 4, new CompletableFuture<>()));
  }

  @Test
  void shouldTakeAgain_whenRunWasGivenBack() {
    assertNull(runs.take(job(1), 1, known));
    runs.forget(job(1), 1);

    assertNull(runs.take(job(1), 1, new CompletableFuture<>()));
  }

  @Test
  void shouldForget_whenTimeIsOver() {
    assertNull(runs.take(job(1), 1, known));
    now.addAndGet(RecentRuns.KEPT.toNanos());
    assertNull(runs.take(job(2), 1, known));

    assertNull(runs.take(job(1), 1, known));
    assertEquals(2, runs.size());
  }

  @Test
  void shouldForgetOldest_whenThereAreTooMany() {
    for (int i = 0; i < 4; i++) {
      assertNull(runs.take(job(i), 1, known));
    }

    assertEquals(3, runs.size());
    assertSame(known, runs.take(job(3), 1, known));
    assertNull(runs.take(job(0), 1, known));
  }

  private static JobId job(int number) {
    return JobId.of(0, 1_000, number);
  }
}
