package dev.kanal.worker.pool;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.Priority;
import dev.kanal.worker.pool.Slots.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PoolTest {
  private final ManualClocks time = new ManualClocks();
  private final Map<String, Long> lags = new HashMap<>();
  private final Map<String, Integer> weights = new HashMap<>();
  private Set<String> asked = Set.of();
  private Machine machine = new Machine(Duration.ZERO, 0);
  private final Pool pool =
      new Pool(
          new PoolSettings(4, 200, 300),
          new Pool.Needs(
              time.clocks().ticker(),
              this::lags,
              queue -> weights.getOrDefault(queue, 1),
              () -> machine));

  @Test
  void shouldGrowWithTheBacklog_andShrinkWhenIdleForThirtySeconds() throws Exception {
    Slots slots = pool.of("q");
    assertEquals(4, slots.size());
    burst("q");
    pool.look();
    assertEquals(200, slots.size());
    assertEquals(1, pool.decided(PoolReason.LAG));

    lags.clear();
    for (int second = 1; second < 30; second++) {
      pool.look();
      assertEquals(200, slots.size(), "after " + second + " s");
    }
    pool.look();
    assertEquals(4, slots.size());
    assertEquals(1, pool.decided(PoolReason.IDLE));
  }

  @Test
  void shouldAskForLagsOnlyWhereThereIsMoreThanWasTaken() throws Exception {
    pool.of("idle").received(Duration.ofMillis(5), false);
    pool.of("full").received(Duration.ofMillis(5), true);
    pool.of("late").received(Duration.ofSeconds(2), false);
    pool.look();
    assertEquals(Set.of("full", "late"), asked);
  }

  @Test
  void shouldKeepTheLagThatItKnows_whileItCannotAsk() throws Exception {
    burst("q");
    pool.look();
    assertEquals(50_000, lag("q"));

    lags.clear();
    pool.of("q").received(Duration.ZERO, true);
    pool.look();
    assertEquals(50_000, lag("q"));

    lags.put("q", 10L);
    pool.of("q").received(Duration.ZERO, true);
    pool.look();
    assertEquals(10, lag("q"));

    pool.look();
    assertEquals(0, lag("q"), "it keeps up");
  }

  private long lag(String queue) {
    return requireNonNull(pool.rooms().get(queue), queue).lag();
  }

  @Test
  void shouldShareByWeight_whenTwoWantAll() throws Exception {
    weights.put("b", 2);
    burst("a");
    burst("b");
    pool.look();
    assertEquals(102, pool.of("a").size());
    assertEquals(198, pool.of("b").size());
    assertEquals(2, pool.decided(PoolReason.SHARE));
  }

  @Test
  void shouldLeaveEachQueueItsLeast_whenAnotherHasTheRest() throws Exception {
    Pool small = new Pool(new PoolSettings(4, 20, 20), needs());
    List<Slots.Slot> slow = take(small.of("slow"), 4);
    small.of("slow").received(Duration.ZERO, true);
    lags.put("slow", 1_000L);
    small.look();
    assertEquals(20, small.of("slow").size());
    slow.addAll(take(small.of("slow"), 16));

    small.of("new").received(Duration.ZERO, true);
    lags.put("new", 1_000L);
    small.look();
    assertEquals(4, small.of("new").size());
    slow.forEach(slot -> slot.release(Release.FINISHED));
    small.of("new").received(Duration.ZERO, true);
    small.look();
    assertEquals(10, small.of("new").size());
  }

  @Test
  void shouldHoldBack_whenTheMachineIsShort() throws Exception {
    machine = new Machine(Duration.ofMillis(200), 0);
    burst("q");
    pool.look();
    assertEquals(4, pool.of("q").size());
    assertEquals(1, pool.decided(PoolReason.CPU));
  }

  @Test
  void shouldForgetAQueue_onlyWhenNothingOfItRuns() throws Exception {
    Slots.Slot slot = take(pool.of("q"), 1).getFirst();
    pool.forget("q");
    pool.look();
    assertEquals(1, pool.taken());
    slot.release(Release.FINISHED);
    pool.look();
    assertTrue(pool.all().isEmpty());
    assertEquals(1, pool.released(Release.FINISHED));
  }

  private void burst(String queue) {
    pool.of(queue).received(Duration.ZERO, true);
    lags.put(queue, 50_000L);
  }

  private Map<String, Long> lags(Set<String> queues) {
    asked = queues;
    return lags;
  }

  private Pool.Needs needs() {
    return new Pool.Needs(time.clocks().ticker(), this::lags, _ -> 1, () -> machine);
  }

  private static List<Slots.Slot> take(Slots from, int count) throws InterruptedException {
    List<Slots.Slot> taken = new ArrayList<>();
    try (var reserved = requireNonNull(from.reserve(count, Priority.NORMAL, Duration.ZERO))) {
      for (int i = 0; i < count; i++) {
        taken.add(reserved.take());
      }
    }
    return taken;
  }
}
