package dev.kanal.scheduler.api.counts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LagSamplerTest {
  private static final long START = 1_000_000;
  private static final long IDLE_MS = LagSeries.FINE * 1_000L;

  private final ApiNode node = new ApiNode();
  private final LagSampler sampler =
      new LagSampler(
          () -> Future.succeededFuture(QueueCounts.Look.NOTHING),
          node.queues,
          node.workers,
          node.parts.clock(),
          new StatsWatch());

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void whatCameToANewQueueSinceTheLastLookIsCounted_andOfAnOldOneNothingIsMadeUp() {
    sampler.take(Map.of("old", queue(0, 500)), START);
    sampler.take(Map.of("old", queue(0, 500), "new", queue(7, 7)), START + 1_000);

    assertEquals(List.of(7.0), arrivals("new"));
    assertEquals(List.of(0.0), arrivals("old"));
  }

  @Test
  void aQueueThatIsGoneIsForgotten() {
    sampler.take(Map.of("mail", queue(1, 1)), START);
    sampler.take(Map.of(), START + 1_000);
    assertNull(sampler.of("mail"));
  }

  @Test
  void onlyAQueueThatHasLongBeenIdleMakesRoom_andOnlyForOneThatIsNot() {
    Map<String, QueueSum> all = new HashMap<>();
    for (int i = 0; i < LagSampler.QUEUES_MAX; i++) {
      all.put("queue-" + i, queue(i == 0 ? 0 : 1, 1));
    }
    sampler.take(all, START);
    all.put("idle", queue(0, 9));
    sampler.take(all, START + IDLE_MS);
    assertNull(sampler.of("idle"));
    all.put("busy", queue(2, 9));
    sampler.take(all, START + IDLE_MS + 1_000);

    assertNotNull(sampler.of("busy"));
    assertNull(sampler.of("queue-0"));
    assertNotNull(sampler.of("queue-1"));
    all.put("busy-too", queue(2, 9));
    sampler.take(all, START + IDLE_MS + 2_000);
    assertNull(sampler.of("busy-too"));
  }

  @Test
  void brokersAreNotAskedAboutQueuesThatHaveNothingToDo() {
    Map<String, QueueSum> all = new HashMap<>();
    for (int i = 0; i < LagSampler.QUEUES_MAX; i++) {
      all.put("queue-" + i, queue(0, 1));
    }
    sampler.take(all, START);
    assertEquals(LagSampler.QUEUES_MAX, sampler.changing().size(), "nothing is known yet");

    node.queues.groupLags = Map.of(0, 0L);
    sampler.askBrokers();
    assertEquals(List.of(), sampler.changing());
    all.put("queue-7", queue(2, 3));
    sampler.take(all, START + 1_000);
    assertEquals(List.of("queue-7"), sampler.changing());
  }

  private List<Double> arrivals(String queue) {
    LagSeries series = sampler.of(queue);
    assertNotNull(series);
    return series.since(0, true).stream().map(LagSeries.Point::arrivalRate).toList();
  }

  private static QueueSum queue(long lag, long arrived) {
    return new QueueSum(
        Map.of(JobState.QUEUED, lag),
        Long.MAX_VALUE,
        Map.of(),
        new Flow(arrived, arrived, arrived - lag));
  }
}
