package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a builder refuses before anything starts. */
final class WorkerBuilderTest {
  @ParameterizedTest
  @ValueSource(strings = {"-PT0.001S", "PT24H0.001S"})
  void shouldRefuseATimeBeyondTheBounds(String time) {
    WorkerBuilder builder = Worker.builder();

    assertThrows(IllegalArgumentException.class, () -> builder.startTimeout(Duration.parse(time)));
    assertEquals(Duration.ofDays(1), builder.startTimeout(Duration.ofDays(1)).startTimeout());
    assertEquals(Duration.ZERO, builder.startTimeout(Duration.ZERO).startTimeout());
  }
}
