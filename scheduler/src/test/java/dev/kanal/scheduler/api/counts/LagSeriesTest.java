package dev.kanal.scheduler.api.counts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.api.counts.LagSeries.Point;
import dev.kanal.scheduler.api.counts.LagSeries.Sample;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LagSeriesTest {
  private static final long START = 1_000_000;
  private final LagSeries series = new LagSeries();

  @Test
  void aPointTellsTheRatesSinceTheOneBefore() {
    series.add(new Sample(START, 5, 1, 0.5, new Flow(7, 10, 4)));
    assertEquals(List.of(), series.since(0, true));
    series.add(new Sample(START + 2_000, 9, 2, 1.5, new Flow(8, 20, 9)));

    Point point = series.since(0, true).getFirst();
    assertEquals(new Point(START + 2_000, 9, 2, 1.5, 0.5, 2.5, 5), point);
  }

  @Test
  void aSecondThatIsMissingIsBridged() {
    series.add(new Sample(START, 0, 0, 0, Flow.NONE));
    series.add(new Sample(START + 10_000, 0, 0, 0, new Flow(100, 300, 100)));
    assertEquals(10, series.since(0, true).getFirst().arrivalRate());
  }

  @Test
  void theOldestPointsGo_inBothSteps() {
    int seconds = LagSeries.COARSE * LagSeries.COARSE_SECONDS + 5_000;
    for (int i = 0; i <= seconds; i++) {
      series.add(new Sample(START + i * 1_000L, i, 0, 0, new Flow(i, 2L * i, 0)));
    }
    List<Point> fine = series.since(0, true);
    assertEquals(LagSeries.FINE, fine.size());
    assertEquals(seconds, fine.getLast().lag());
    assertEquals(seconds - LagSeries.FINE + 1, fine.getFirst().lag());
    List<Point> coarse = series.since(0, false);
    assertEquals(LagSeries.COARSE, coarse.size());
    assertEquals(10_000, coarse.get(1).atMs() - coarse.get(0).atMs());
    assertEquals(1, coarse.getLast().arrivalRate());
    assertEquals(3, series.since(START + (seconds - 2) * 1_000L, true).size());
  }

  @Test
  void ratesAreThoseOfTheLastMinute() {
    assertNull(series.rates(START));
    for (int i = 0; i <= 120; i++) {
      long arrived = i <= 60 ? 0 : (i - 60) * 3L;
      series.add(new Sample(START + i * 1_000L, 0, 0, 0, new Flow(arrived, arrived, 0)));
    }
    LagSeries.Rates rates = series.rates(START + 120_000);
    assertNotNull(rates);
    assertEquals(3, rates.arrival(), 0.1);
    assertEquals(0, rates.drain());
  }

  @Test
  void bothStepsGoOn_whenTheWallClockIsSetBackByAnHour() {
    for (int i = 0; i <= 240; i++) {
      long at = START + i * 1_000L - (i < 120 ? 0 : 3_600_000);
      series.add(new Sample(at, i, 0, 0, new Flow(2L * i, 0, 0)));
    }

    LagSeries.Rates rates = series.rates(START + 240_000 - 3_600_000);
    assertNotNull(rates);
    assertEquals(2, rates.arrival(), 0.2);
    assertEquals(239, series.since(Long.MIN_VALUE, true).size());
    assertEquals(23, series.since(Long.MIN_VALUE, false).size(), 1);
  }

  @Test
  void timeToEmptyNeedsMoreToLeaveThanToCome() {
    QueueSum queue = new QueueSum(Map.of(JobState.QUEUED, 100L), START, Map.of(), Flow.NONE);
    assertEquals(50.0, queue.timeToEmpty(new LagSeries.Rates(0, 3, 1)));
    assertNull(queue.timeToEmpty(new LagSeries.Rates(0, 3, 3)));
    assertNull(queue.timeToEmpty(null));
    assertEquals(0.0, QueueSum.NONE.timeToEmpty(null));
  }
}
