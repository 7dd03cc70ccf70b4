package dev.kanal.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final Column RATE = Column.rate("whole way", "jobs/s");
  private static final Column TIME = Column.cost("start p50", "ms");

  private final Figures figures =
      new Figures(
          new Benchmark(
              "sample",
              "a sample",
              new Benchmark.Sizes("All of it.", "Some of it."),
              List.of(RATE, TIME),
              List.of(contender("kanal"), contender("rival"), contender("absent"))));

  @Test
  void shouldTakeTheMiddle_whenThereIsOne() {
    Series series = new Series(List.of(30.0, 10.0, 20.0));

    assertEquals(List.of(10.0, 20.0, 30.0), List.of(series.min(), series.median(), series.max()));
  }

  @Test
  void shouldTakeTheMeanOfTheTwoInTheMiddle_whenTheirNumberIsEven() {
    assertEquals(25.0, new Series(List.of(90.0, 30.0, 20.0, 10.0)).median());
  }

  @Test
  void shouldRefuseASeries_whenItHasNoValue() {
    assertThrows(IllegalArgumentException.class, () -> new Series(List.of()));
  }

  @Test
  void shouldDivideByTheRival_whenMoreIsBetter() {
    figures.add("kanal", Map.of(RATE.name(), 300.0));
    figures.add("rival", Map.of(RATE.name(), 100.0));

    assertEquals(Optional.of(3.0), figures.ratio("rival", RATE));
  }

  @Test
  void shouldDivideTheRival_whenLessIsBetter() {
    figures.add("kanal", Map.of(TIME.name(), 2.0));
    figures.add("rival", Map.of(TIME.name(), 8.0));

    assertEquals(Optional.of(4.0), figures.ratio("rival", TIME));
  }

  @Test
  void shouldCompareMedians_whenTrialsAreRepeated() {
    List.of(100.0, 400.0, 200.0).forEach(each -> figures.add("kanal", Map.of(RATE.name(), each)));
    List.of(50.0, 10.0, 900.0).forEach(each -> figures.add("rival", Map.of(RATE.name(), each)));

    assertEquals(Optional.of(4.0), figures.ratio("rival", RATE));
  }

  @Test
  void shouldHaveNoRatio_whenEitherHasNoFigure() {
    figures.add("kanal", Map.of(RATE.name(), 300.0));
    figures.add("rival", Map.of(TIME.name(), 8.0));

    assertEquals(Optional.empty(), figures.ratio("rival", RATE));
    assertEquals(Optional.empty(), figures.ratio("rival", TIME));
  }

  @Test
  void shouldTellEachFigureOnceAndWhatIsMissing_whenPrinted() {
    figures.add("kanal", Map.of(RATE.name(), 12_345.6, TIME.name(), 1.234));
    figures.add("rival", Map.of(RATE.name(), 4_115.2));
    figures.remark("absent", "skipped, it is not here");

    assertEquals(
        """
        ### sample: a sample

        Scaled down: Some of it.

        | contender | what | median | min | max | the first is better by |
        |---|---|---:|---:|---:|---:|
        | kanal | whole way, jobs/s | 12,346 | 12,346 | 12,346 | |
        | kanal | start p50, ms | 1.23 | 1.23 | 1.23 | |
        | rival | whole way, jobs/s | 4,115 | 4,115 | 4,115 | 3.00 |

        absent: skipped, it is not here
        """,
        String.join("\n", Table.of(figures, true)));
  }

  @Test
  void shouldStayComplete_whenARivalIsSkippedButNotWhenOneFailed() {
    figures.remark("absent", "skipped, it is not here");
    assertTrue(figures.isComplete());

    figures.fail("rival", "round 1 failed");
    assertFalse(figures.isComplete());
    assertEquals("round 1 failed", figures.remarks().get("rival"));
  }

  @Test
  void shouldSayNothingOfScalingDown_whenTheWholeIsRun() {
    List<String> lines = Table.of(figures, false);

    assertTrue(lines.contains("All of it."), lines::toString);
  }

  @Test
  void shouldKeepThreeDigits_whenANumberIsSmall() {
    assertEquals(
        List.of("0.123", "1.23", "12.3", "123", "1,235"),
        List.of(0.1234, 1.234, 12.34, 123.4, 1_234.5).stream().map(Table::number).toList());
  }

  private static Contender contender(String name) {
    return Contender.of(name, trial -> new Measures());
  }
}
