package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrafficTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long KEPT = Traffic.KEPT.toNanos();
  private final Traffic paused = Traffic.afterPause(100, 0);

  @ParameterizedTest
  @CsvSource({
    "0,   1, 1",
    "1,   1, 1",
    "2,   1, 2",
    "19,  1, 2",
    "20,  1, 8",
    "20,  2, 4",
    "20,  3, 2",
    "20, 49, 2",
    "20, 50, 1",
    "2,  50, 1",
  })
  void shouldAskForLanes_byWhatCameInASecondAndHowManyWorkersRead(
      int came, int workers, int lanes) {
    assertEquals(lanes, paused.next(100 + came, SECOND).lanes(SECOND, workers));
  }

  @Test
  void shouldKeepItsLanes_forAWhile() {
    Traffic busy = paused.next(200, SECOND);
    Traffic quiet = busy.next(200, 2 * SECOND).next(202, 3 * SECOND);
    assertEquals(8, quiet.lanes(SECOND + KEPT - 1, 1));
    assertEquals(2, quiet.lanes(SECOND + KEPT, 1));
    assertEquals(2, quiet.lanes(3 * SECOND + KEPT - 1, 1));
    assertEquals(1, quiet.lanes(3 * SECOND + KEPT, 1));
  }

  @Test
  void shouldHaveTwo_whenNothingIsKnown() {
    Traffic unknown = Traffic.unknown(0, 0);
    assertEquals(2, unknown.lanes(KEPT - 1, 1));
    assertEquals(1, unknown.next(0, SECOND).lanes(KEPT, 1));
  }

  @Test
  void shouldSayNothing_afterTooShortATime() {
    assertSame(paused, paused.next(200, SECOND / 2 - 1));
  }
}
