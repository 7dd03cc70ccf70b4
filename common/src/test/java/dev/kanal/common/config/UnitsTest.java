package dev.kanal.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.unit.Durations;
import dev.kanal.common.unit.Sizes;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "2h,PT2H", "1d,P1D", "PT1.5S,PT1.5S"})
  void shouldReadDurations(String text, Duration expected) {
    assertEquals(expected, Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5 s", "s", "-5s", "1.5h", "PT", "P1Y", "5w", "9999999999999s"})
  void shouldRefuseOtherDurations(String text) {
    assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"512B,512", "256KiB,262144", "1MiB,1048576", "2GiB,2147483648"})
  void shouldReadAndWriteSizes(String text, long expected) {
    assertEquals(expected, Sizes.parse(text));
    assertEquals(text, Sizes.format(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1KB", "-1B", "1.5MiB", "1 MiB"})
  void shouldRefuseOtherSizes(String text) {
    assertThrows(IllegalArgumentException.class, () -> Sizes.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S,0s",
    "PT0.25S,250ms",
    "PT90S,90s",
    "PT5M,5m",
    "PT2H,2h",
    "P2D,2d",
    "PT0.0001S,PT0.0001S"
  })
  void shouldWriteDurations_soThatTheyAreReadAgain(Duration duration, String expected) {
    assertEquals(expected, Durations.format(duration));
    assertEquals(duration, Durations.parse(expected));
  }
}
