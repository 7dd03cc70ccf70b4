package dev.kanal.check.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class HumanDurationTest {
  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "30s, PT30S", "5m, PT5M", "2h, PT2H", "PT1M30S, PT1M30S"})
  void shouldReadBothWaysOfWriting(String text, Duration expected) {
    assertEquals(expected, new HumanDuration().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5 m", "-5s", "0s", "PT-1S", "1d", "9999999999s"})
  void shouldRefuse_whenItIsNoDurationAboveZero(String text) {
    assertThrows(TypeConversionException.class, () -> new HumanDuration().convert(text));
  }
}
