package dev.kanal.common.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random expressions against {@link CronOracle}. The seed is printed when one fails. */
final class CronOracleTest {
  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2030-01-01T00:00:00Z");
  private static final int EXPRESSIONS_A_ZONE = 8;
  private static final int EXPRESSIONS_A_CHANGE = 6;
  private static final int MINUTE = 60;
  private static final int DAY = 86_400;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Paris",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "Asia/Kolkata",
        "Africa/Casablanca"
      })
  void shouldAgreeWithTheOracleOverTenYears(String zone) {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var watch = new CronOracle.Watch(ZoneId.of(zone), FROM, TO, MINUTE);
    long compared = 0;
    for (int i = 0; i < EXPRESSIONS_A_ZONE; i++) {
      compared += compare(watch, new RandomCron(random).next(false), "seed " + seed);
    }
    assertTrue(compared > 0, () -> "Expected ticks to compare, but found none; seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"})
  void shouldAgreeWithTheOracleToTheSecond_whereTheClockChanges(String zoneName) {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    ZoneId zone = ZoneId.of(zoneName);
    List<ZoneOffsetTransition> changes = new ArrayList<>();
    ZoneOffsetTransition change = zone.getRules().nextTransition(FROM);
    while (change != null && change.getInstant().isBefore(TO)) {
      changes.add(change);
      change = zone.getRules().nextTransition(change.getInstant());
    }
    for (int i = 0; i < 4; i++) {
      Instant at = changes.get(random.nextInt(changes.size())).getInstant();
      var watch = new CronOracle.Watch(zone, at.minusSeconds(DAY), at.plusSeconds(DAY), 1);
      for (int k = 0; k < EXPRESSIONS_A_CHANGE; k++) {
        compare(watch, new RandomCron(random).next(true), "seed " + seed + ", change " + at);
      }
    }
  }

  @Test
  void shouldFindTheSameTickFromAnyMoment() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    ZoneId zone = ZoneId.of("Europe/Paris");
    var watch = new CronOracle.Watch(zone, FROM, TO, MINUTE);
    RandomCron.Expression expression = new RandomCron(random).next(false);
    while (!parses(expression.text())) {
      expression = new RandomCron(random).next(false);
    }
    String text = expression.text();
    long[] ticks = CronOracle.ticks(watch, expression.meaning());
    Cron cron = Cron.parse(text);
    for (int i = 0; i < 20_000 && ticks.length > 0; i++) {
      long bound = ticks[ticks.length - 1];
      long after = FROM.getEpochSecond() + random.nextLong(bound - FROM.getEpochSecond());
      int found = Arrays.binarySearch(ticks, after);
      assertEquals(
          Instant.ofEpochSecond(ticks[found >= 0 ? found + 1 : -found - 1]),
          cron.next(Instant.ofEpochSecond(after), zone).orElseThrow(),
          () -> text + " after " + Instant.ofEpochSecond(after) + ", seed " + seed);
    }
  }

  /** Compares all ticks of the stretch; returns how many there were. */
  private static int compare(
      CronOracle.Watch watch, RandomCron.Expression expression, String where) {
    long[] expected = CronOracle.ticks(watch, expression.meaning());
    if (!parses(expression.text())) {
      assertEquals(0, expected.length, () -> expression.text() + " was refused, " + where);
      return 0;
    }
    long[] actual = walk(Cron.parse(expression.text()), watch, expected.length);
    assertArrayEquals(
        expected, actual, () -> expression.text() + " in " + watch.zone() + ", " + where);
    return expected.length;
  }

  private static boolean parses(String text) {
    try {
      Cron.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      assertTrue(
          String.valueOf(e.getMessage()).contains("matches no date"),
          () -> text + " was refused: " + e.getMessage());
      return false;
    }
  }

  /** The ticks of the stretch, at most one more than {@code expected}. */
  private static long[] walk(Cron cron, CronOracle.Watch watch, int expected) {
    long[] ticks = new long[expected + 1];
    int count = 0;
    Instant at = cron.next(watch.from().minusNanos(1), watch.zone()).orElse(Instant.MAX);
    while (at.isBefore(watch.to()) && count < ticks.length) {
      ticks[count++] = at.getEpochSecond();
      at = cron.next(at, watch.zone()).orElse(Instant.MAX);
    }
    return Arrays.copyOf(ticks, count);
  }
}
