package dev.kanal.scheduler.api.counts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.api.counts.StatsWatch.Window;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.stats.NodeRuns;
import dev.kanal.scheduler.stats.RunRecorder;
import dev.kanal.scheduler.stats.RunTally;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StatsWatchTest {
  private static final long START = 1_000_000_000;
  private static final WorkerTotals WORKERS = new WorkerTotals(2, 3, 10);

  private final StatsWatch watch = new StatsWatch();
  private final RunRecorder one = new RunRecorder(1);
  private final RunRecorder two = new RunRecorder(2);

  @Test
  void ofTheFirstLookNothingIsCounted() {
    one.ended("a", true, 5);
    look(START, 100, one);

    assertEquals(0, watch.over(Window.MINUTE, START).ms());
    assertNull(watch.last().rate(1));
    assertEquals(List.of(), watch.since(0, true));
  }

  @Test
  void whatCameSinceTheLookBeforeIsAddedUpOverAllNodes() {
    look(START, 100, one, two);
    run(one, 10, 40);
    run(two, 30, 400);
    two.failed("a");
    look(START + 2_000, 140, one, two);

    Period minute = watch.over(Window.MINUTE, START + 2_000);
    assertEquals(2_000, minute.ms());
    assertEquals(40, minute.arrived());
    assertEquals(new RunTally.Ends(40, 0, 1), minute.runs().ends());
    assertEquals(20.0, minute.rate(minute.runs().ends().succeeded()));
    assertEquals(0.4, p(minute, 0.5), 0.013);
    assertEquals(0.04, p(minute, 0.25), 0.002);
    assertEquals(1.0, minute.successRatio());
  }

  /** A node that was restarted counts from nothing, under another number. */
  @Test
  void aNodeThatIsNewIsNotCountedTwice_norBackwards() {
    run(one, 50, 10);
    look(START, 0, one);
    RunRecorder restarted = new RunRecorder(3);
    run(restarted, 7, 10);
    look(START + 1_000, 0, restarted);
    run(restarted, 2, 10);
    look(START + 2_000, 0, restarted);

    assertEquals(2, watch.over(Window.MINUTE, START + 2_000).runs().ends().succeeded());
  }

  @Test
  void aWindowForgetsWhatIsOlder() {
    look(START, 0, one);
    run(one, 5, 10);
    look(START + 1_000, 0, one);
    long later = START + 61_000;

    assertEquals(5, watch.over(Window.MINUTE, START + 1_000).runs().runs().total());
    assertEquals(0, watch.over(Window.MINUTE, later).runs().runs().total());
    assertEquals(5, watch.over(Window.QUARTER, later).runs().runs().total());
    assertEquals(5, watch.over(Window.DAY, START + 23L * 3_600_000).runs().runs().total());
    assertEquals(0, watch.over(Window.DAY, START + 25L * 3_600_000).runs().runs().total());
  }

  @Test
  void theSeriesHasAPointASecond_andOneEveryTen() {
    for (int second = 0; second <= 20; second++) {
      look(START + second * 1_000L, second * 10L, one);
      run(one, 3, 40);
    }
    List<SeriesRing.Row> fine = watch.since(0, true);
    List<SeriesRing.Row> coarse = watch.since(0, false);

    assertEquals(20, fine.size());
    assertEquals(2, coarse.size());
    assertEquals(10f, at(fine.getLast(), "arrivalRate"));
    assertEquals(3f, at(fine.getLast(), "completionRate"));
    assertEquals(3f, at(coarse.getLast(), "completionRate"));
    assertEquals(7f, at(fine.getLast(), "lag"));
    assertEquals(10f, at(fine.getLast(), "totalSlots"));
    assertEquals(0.04f, at(coarse.getLast(), "runP99"), 0.002f);
    assertTrue(Float.isNaN(at(coarse.getLast(), "totalP50")) || at(fine.getLast(), "totalP50") > 0);
  }

  @Test
  void queuesAreKeptForAMinute_andAtMostSoMany() {
    look(START, 0, one, two);
    IntStream.range(0, RunRecorder.QUEUES_MAX).forEach(i -> one.attempt("one-" + i, 1, 1));
    IntStream.range(0, RunRecorder.QUEUES_MAX + 1).forEach(i -> two.attempt("two-" + i, 1, 1));
    one.attempt("one-0", 1, 1);
    look(START + 1_000, 0, one, two);

    RunTally kept = watch.queue("one-0", START + 1_000);
    assertNotNull(kept);
    assertEquals(2, kept.runs().total());
    assertNotNull(watch.queue("two-5", START + 1_000));
    assertNull(watch.queue(RunRecorder.OTHERS, START + 1_000), "no queue is called so");
    look(START + 90_000, 0, one, two);
    assertNull(watch.queue("one-0", START + 90_000));
  }

  private static float at(SeriesRing.Row row, String column) {
    return row.value(StatsWatch.COLUMNS.indexOf(column));
  }

  private static double p(Period period, double share) {
    Double quantile = period.runs().runs().quantile(share);
    assertNotNull(quantile);
    return quantile;
  }

  private static void run(RunRecorder node, int jobs, long runMs) {
    for (int i = 0; i < jobs; i++) {
      node.attempt("a", 1, runMs);
      node.ended("a", true, runMs + 1);
    }
  }

  private void look(long nowMs, long arrived, RunRecorder... nodes) {
    QueueSum sum =
        new QueueSum(
            Map.of(JobState.QUEUED, 7L),
            Long.MAX_VALUE,
            Map.of(),
            new Flow(arrived, 9 * arrived, arrived));
    List<NodeRuns> runs = List.of(nodes).stream().map(RunRecorder::now).toList();
    watch.take(new QueueCounts.Look(Map.of("a", sum), runs), WORKERS, nowMs);
  }
}
