package dev.kanal.check.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VerdictTest {
  private static final Promise KEPT = new Promise("kept", 10_000, 0, List.of());
  private static final Promise BROKEN = new Promise("broken", 1_200, 1_100, List.of("job 7 did"));

  @Test
  void shouldPass_whenNoPromiseIsBroken() {
    Verdict verdict = new Verdict(List.of(KEPT), List.of());

    assertTrue(verdict.passed());
    assertEquals("check passed", verdict.conclusion());
  }

  @Test
  void shouldFailAndSayWhich_whenOnePromiseIsBroken() {
    Verdict verdict = new Verdict(List.of(KEPT, BROKEN), List.of());

    assertFalse(verdict.passed());
    assertEquals("check FAILED: 1,100 of 1,200 break 'broken'", verdict.conclusion());
    assertEquals("    job 7 did", verdict.table().getLast());
  }

  @Test
  void shouldFail_whenSomethingCouldNotBeLookedAt() {
    Verdict verdict = new Verdict(List.of(KEPT), List.of("Kafka is away"));

    assertFalse(verdict.passed());
    assertEquals("check FAILED: Kafka is away", verdict.conclusion());
  }

  @Test
  void shouldAlignTheColumns() {
    List<String> table = new Verdict(List.of(KEPT, BROKEN), List.of()).table();

    assertEquals(table.get(0).length(), table.get(1).length());
    assertTrue(table.get(1).matches("kept +10,000 +0"), table.get(1));
  }

  @Test
  void shouldKeepTheFirstSamples_whenAPromiseIsBrokenOften() {
    PromiseTally tally = new PromiseTally("often broken");
    for (int i = 0; i < 100; i++) {
      tally.broken("job " + i);
    }

    assertEquals(
        new Promise("often broken", 100, 100, List.of("job 0", "job 1", "job 2")),
        tally.toPromise());
  }

  @Test
  void shouldRefuseMoreViolationsThanChecks() {
    assertThrows(IllegalArgumentException.class, () -> new Promise("odd", 1, 2, List.of()));
  }
}
