package dev.kanal.common.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.log.LogEntry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TextsTest {
  private static final String EMOJI = "😀";

  @Test
  void shouldCutBeforeAPair_neverWithinIt() {
    assertEquals("abc", Texts.cut("abc", 3));
    assertEquals("ab", Texts.cut("abc", 2));
    assertEquals("a", Texts.cut("a" + EMOJI, 2));
    assertEquals("a" + EMOJI, Texts.cut("a" + EMOJI + "b", 3));
    assertEquals("", Texts.cut(EMOJI, 1));
    assertEquals("", Texts.cut("abc", 0));
    assertEquals("a…", Texts.shown("a" + EMOJI, 2));
    assertEquals("a" + EMOJI, Texts.shown("a" + EMOJI, 3));
  }

  @Test
  void shouldFindHalvesOfPairs() {
    assertEquals(-1, Texts.firstHalf("a" + EMOJI));
    assertEquals(1, Texts.firstHalf("a\ud83d"));
    assertEquals(1, Texts.firstHalf("a\ud83db"));
    assertEquals(2, Texts.firstHalf(EMOJI + "\ude00"));
  }

  /** Every text that is cut to a bound, with a pair across it. */
  @Test
  void shouldCutEveryBoundedText_beforeAPair() {
    assertEquals("x".repeat(1_998) + "…", new ErrorInfo("t", across(1_999), null).message());
    assertEquals("x".repeat(198) + "…", new ErrorInfo(across(199), "m", null).type());
    assertEquals("x".repeat(199), new JobProgress(0, across(200)).message());
    assertEquals("x".repeat(999), new LogLine(Instant.EPOCH, across(1_000)).text());
    assertEquals(
        "x".repeat(499), new LogEntry.DispatchFailed(JobId.of(0, 1, 1), 1, across(500)).error());
  }

  /** A text whose pair stands on both sides of a bound. */
  private static String across(int bound) {
    return "x".repeat(bound - 1) + EMOJI + "x".repeat(10);
  }
}
