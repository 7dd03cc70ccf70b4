package dev.kanal.scheduler.engine.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.log.LogFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which format is activated, by what was seen of schedulers. */
final class FormatGateTest {
  private static final Duration SETTLED = Duration.ofSeconds(60);
  private static final int JOBS = LogFormat.JOBS.number();
  private static final int FLOWS = LogFormat.FLOWS.number();

  private final FormatGate gate = new FormatGate(new FormatRules(LogFormat.FLOWS, SETTLED));
  private long nowMs = 1_000;

  @Test
  void shouldKeepTheFirstFormat_whileAnOlderSchedulerIsThere() {
    for (int second = 0; second < 200; second++) {
      saw(FLOWS, JOBS, FLOWS);
      assertEquals(JOBS, gate.settled());
      assertEquals(JOBS, gate.readByAll());
      nowMs += 1_000;
    }
  }

  @Test
  void shouldActivateIt_onlyWhenAllHaveReadItForLongEnough() {
    saw(FLOWS, JOBS);
    nowMs += 1_000;
    saw(FLOWS, FLOWS);
    assertEquals(FLOWS, gate.readByAll());
    pass(59_999, FLOWS, FLOWS);
    assertEquals(JOBS, gate.settled());
    pass(1, FLOWS, FLOWS);
    assertEquals(FLOWS, gate.settled());
  }

  @Test
  void shouldBeginAnew_whenAnOlderSchedulerComesBack() {
    pass(59_000, FLOWS);
    saw(FLOWS, JOBS);
    pass(59_999, FLOWS);
    assertEquals(JOBS, gate.settled());
    pass(1_000, FLOWS);
    assertEquals(FLOWS, gate.settled());
    saw(JOBS);
    assertEquals(JOBS, gate.settled());
  }

  /** One that is there while nobody looks may have come and gone. */
  @Test
  void shouldBeginAnew_whenNobodyLookedForLong() {
    saw(FLOWS);
    nowMs += FormatGate.GAP.toMillis();
    pass(54_000, FLOWS);
    assertEquals(JOBS, gate.settled());
    pass(1_000, FLOWS);
    assertEquals(FLOWS, gate.settled());

    nowMs += FormatGate.GAP.toMillis() + 1;
    saw(FLOWS);
    assertEquals(JOBS, gate.settled());
    assertEquals(FLOWS, gate.readByAll());
  }

  @Test
  void shouldKnowNothing_whenNobodyIsSeen() {
    assertEquals(JOBS, gate.readByAll());
    assertEquals(JOBS, gate.settled());
    pass(100_000, FLOWS);
    saw();
    assertEquals(JOBS, gate.readByAll());
    assertEquals(JOBS, gate.settled());
  }

  @Test
  void shouldActivateNothingThatItDoesNotReadItself() {
    FormatGate old = new FormatGate(new FormatRules(LogFormat.JOBS, SETTLED));
    for (int second = 0; second < 100; second++) {
      old.saw(List.of(FLOWS, 17), second * 1_000_000_000L);
    }
    assertEquals(JOBS, old.settled());
    assertEquals(JOBS, old.readByAll());
    pass(100_000, 17, 18);
    assertEquals(FLOWS, gate.settled());
  }

  /** The same as by looking at the whole past each time. */
  @Test
  void shouldDecideByAllLooksOfTheTimeThatMatters_whateverWasSeen() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Look> past = new ArrayList<>();
    int activated = 0;
    for (int i = 0; i < 20_000; i++) {
      nowMs += random.nextInt(300) == 0 ? 6_000 : random.nextInt(2_000);
      int all = random.nextInt(90) == 0 ? JOBS : FLOWS;
      past.add(new Look(nowMs, all));
      saw(FLOWS, all);
      assertEquals(expected(past), gate.settled(), "seed " + seed + " at " + i);
      activated += gate.settled() == FLOWS ? 1 : 0;
    }
    assertTrue(activated > 1_000 && activated < 19_000, "seed " + seed + ": " + activated);
  }

  private record Look(long atMs, int all) {}

  private static int expected(List<Look> past) {
    long now = past.getLast().atMs;
    long later = now;
    for (Look look : past.reversed()) {
      if (look.all == JOBS || later - look.atMs > FormatGate.GAP.toMillis()) {
        return JOBS;
      }
      if (now - look.atMs >= SETTLED.toMillis()) {
        return FLOWS;
      }
      later = look.atMs;
    }
    return JOBS;
  }

  private void saw(int... members) {
    gate.saw(IntStream.of(members).boxed().toList(), Duration.ofMillis(nowMs).toNanos());
  }

  /** Looks once a second until so much time has passed, and then. */
  private void pass(long ms, int... members) {
    long until = nowMs + ms;
    saw(members);
    while (nowMs < until) {
      nowMs = Math.min(until, nowMs + 1_000);
      saw(members);
    }
  }
}
