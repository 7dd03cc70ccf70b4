package dev.kanal.scheduler.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HistogramTest {
  @Test
  void everyBucketIsOfItsMiddle_andTheyRise() {
    for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
      assertEquals(bucket, Buckets.of((long) Buckets.middle(bucket)), "bucket " + bucket);
      assertTrue(bucket == 0 || Buckets.middle(bucket) > Buckets.middle(bucket - 1));
    }
  }

  @Test
  void whatIsBeyondTheEndsIsInTheLastBucket_andNothingIsNegative() {
    assertEquals(0, Buckets.of(-1));
    assertEquals(0, Buckets.of(Long.MIN_VALUE));
    assertEquals(Buckets.COUNT - 1, Buckets.of(Long.MAX_VALUE));
    assertEquals(Buckets.COUNT - 1, Buckets.of((1L << 36) - 1));
    assertEquals(Buckets.COUNT - 1, Buckets.of(1L << 36));
    assertTrue(Buckets.of(TimeUnit.DAYS.toMillis(365)) < Buckets.COUNT - 1, "a year has a bucket");
  }

  /** The bound that the contract states. */
  @Test
  void quantilesAreWithin32Permille_whateverTheTimes() {
    Random random = new Random(11);
    RunRecorder recorder = new RunRecorder(1);
    long[] times = new long[20_000];
    for (int i = 0; i < times.length; i++) {
      times[i] = (long) Math.exp(random.nextDouble() * 24);
      recorder.attempt("a", times[i], i);
    }
    Arrays.sort(times);
    Histogram waits = tally(recorder, "a").waits();
    for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
      double exact = times[(int) Math.ceil(share * times.length) - 1] / 1_000.0;
      Double quantile = waits.quantile(share);
      assertNotNull(quantile);
      assertEquals(exact, quantile, Math.max(0.001, exact * 0.032), "share " + share);
    }
    assertEquals(times.length, waits.total());
  }

  @Test
  void anEmptyOneHasNoQuantile() {
    assertNull(new Histogram().quantile(0.5));
  }

  @Test
  void pairsTellEverything() {
    RunRecorder recorder = new RunRecorder(1);
    recorder.attempt("a", 5, 100_000);
    recorder.attempt("a", 5, 7);
    Histogram waits = tally(recorder, "a").waits();

    assertEquals("[5, 2]", Arrays.toString(waits.pairs()));
    assertEquals(2, Histogram.of(waits.pairs()).total());
    assertEquals(0.005, Histogram.of(5, 2).quantile(1));
    assertEquals(1, Histogram.of(9_999_999, 1).total(), "a bucket of a later release");
  }

  @Test
  void whatCameSinceIsCounted_andSumsAreOfBoth() {
    RunRecorder recorder = new RunRecorder(1);
    recorder.attempt("a", 1, 1);
    recorder.ended("a", true, 2);
    RunTally before = tally(recorder, "a");
    recorder.attempt("a", 50, 60);
    recorder.failed("a");
    recorder.ended("a", false, -1);
    RunTally since = tally(recorder, "a").since(before);

    assertEquals(new RunTally.Ends(0, 1, 1), since.ends());
    assertEquals(1, since.waits().total());
    assertEquals(0, since.totals().total(), "a total that is not to be counted");
    Double median = since.waits().quantile(0.5);
    assertNotNull(median);
    assertEquals(0.05, median, 0.002);
    assertEquals(new RunTally.Ends(1, 2, 2), before.plus(since).plus(since).ends());
    assertEquals(3, before.plus(since).plus(since).waits().total());
  }

  @Test
  void queuesBeyondTheBoundAreCountedTogether() {
    RunRecorder recorder = new RunRecorder(7);
    IntStream.range(0, RunRecorder.QUEUES_MAX + 5).forEach(i -> recorder.failed("queue-" + i));

    Map<String, RunTally> queues = recorder.now().queues();
    assertEquals(RunRecorder.QUEUES_MAX + 1, queues.size());
    assertEquals(5, tally(recorder, RunRecorder.OTHERS).ends().failed());
    assertEquals(7, recorder.now().node());
  }

  private static RunTally tally(RunRecorder recorder, String queue) {
    RunTally tally = recorder.now().queues().get(queue);
    assertNotNull(tally, queue);
    return tally;
  }
}
