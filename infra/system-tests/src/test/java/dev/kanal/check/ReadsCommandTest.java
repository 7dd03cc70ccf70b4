package dev.kanal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReadsCommandTest {
  @Test
  void shouldPassAndTellTheTimes_whenEveryJobIsFound() {
    try (FakeKanal kanal = FakeKanal.start(FakeFaults.NONE)) {
      CheckRun run = CheckRun.of("reads", "--url", kanal.url(), "--jobs", "100");

      assertEquals(0, run.status(), run.out() + run.err());
      assertEquals("check passed", run.lastLine());
      assertTrue(run.out().contains("POST /v1/jobs: 100 calls, p50 "), run.out());
      assertTrue(run.out().contains("GET /v1/jobs/{id}: 100 calls, p50 "), run.out());
    }
  }

  @Test
  void shouldFail_whenOneJobIsNotFound() {
    try (FakeKanal kanal = FakeKanal.start(FakeFaults.forgetting(40))) {
      CheckRun run = CheckRun.of("reads", "--url", kanal.url(), "--jobs", "100");

      assertEquals(1, run.status());
      assertEquals(
          "check FAILED: 1 of 100 break 'GET after 202 is never answered 404'", run.lastLine());
    }
  }
}
