package dev.kanal.common.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.schedule.Misfire.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TickPlanTest {
  private static final Instant T0 = Instant.parse("2025-06-01T00:00:00Z");
  private static final JobSpec JOB = JobSpec.of("report", JsonBytes.NULL);
  private static final ScheduleSpec MINUTELY =
      ScheduleSpec.of(new Cadence.ByCron(Cron.parse("* * * * *"), ZoneOffset.UTC), JOB);
  private static final ScheduleSpec SECONDLY =
      ScheduleSpec.of(new Cadence.Every(Duration.ofSeconds(1)), JOB);
  private static final int MONTH = 30 * 86_400;

  /** A tick a minute. Times are seconds after {@link #T0}, up to which all has been decided. */
  private static final String TABLE =
      """
      case                       | misfire    | deadline | overlap     | now | fired      | skipped
      nothing is due             | fireOnce 1 |          | allow       |  59 |            |
      a tick is due              | fireOnce 1 |          | allow       |  60 | 60         |
      a little late is on time   | skip 1     |          | allow       |  65 | 60         |
      later is a misfire         | skip 1     |          | allow       |  66 |            | misfire-skip 1 60-60
      one misfire is made good   | fireOnce 1 |          | allow       |  66 | 60         |
      misfires are left out      | skip 1     |          | allow       | 239 |            | misfire-skip 3 60-180
      misfires collapse          | fireOnce 1 |          | allow       | 239 | 180        | misfire-collapsed 2 60-120
      misfires are all fired     | fireAll 3  |          | allow       | 239 | 60 120 180 |
      misfires over the limit    | fireAll 2  |          | allow       | 239 | 120 180    | misfire-limit 1 60-60
      left out, one is on time   | skip 1     |          | allow       | 240 | 240        | misfire-skip 3 60-180
      collapse, one is on time   | fireOnce 1 |          | allow       | 240 | 180 240    | misfire-collapsed 2 60-120
      limit, one is on time      | fireAll 1  |          | allow       | 240 | 180 240    | misfire-limit 2 60-120
      past the starting deadline | fireAll 9  | 119      | allow       | 239 | 120 180    | starting-deadline 1 60-60
      at the starting deadline   | fireAll 9  | 179      | allow       | 239 | 60 120 180 |
      deadline, then collapse    | fireOnce 1 | 119      | allow       | 239 | 180        | starting-deadline 1 60-60, misfire-collapsed 1 120-120
      deadline before misfire    | fireOnce 1 | 3        | allow       |  64 |            | starting-deadline 1 60-60
      the job before runs        | fireOnce 1 |          | allow runs  |  60 | 60         |
      overlap is forbidden       | fireOnce 1 |          | forbid runs |  60 |            | forbid-overlap 1 60-60
      there is no overlap        | fireOnce 1 |          | forbid      |  60 | 60         |
      ticks overlap themselves   | fireAll 9  |          | forbid      | 240 | 60         | forbid-overlap 3 120-240
      each replaces the former   | fireAll 9  |          | replace runs| 180 | 60 120 180 |
      """;

  static List<String> rows() {
    return TABLE.lines().skip(1).toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldFireAndSkip(String row) {
    List<String> cells = Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
    List<String> overlap = List.of(cells.get(3).split(" "));
    ScheduleSpec spec =
        MINUTELY
            .withMisfire(misfire(cells.get(1)))
            .withStartingDeadline(
                cells.get(2).isEmpty() ? null : Duration.ofSeconds(Long.parseLong(cells.get(2))))
            .withConcurrency(
                ConcurrencyPolicy.valueOf(overlap.getFirst().toUpperCase(Locale.ROOT)));
    long now = Long.parseLong(cells.get(4));
    TickPlan plan =
        TickPlan.of(new TickPlan.Question(spec, T0, T0, at(now), overlap.contains("runs")));
    assertEquals(
        cells.get(5),
        plan.fire().stream().map(TickPlanTest::seconds).collect(Collectors.joining(" ")));
    assertEquals(
        cells.get(6),
        plan.skipped().stream().map(TickPlanTest::text).collect(Collectors.joining(", ")));
    assertEquals(at(now / 60 * 60), plan.considered());
    assertEquals(at(now / 60 * 60 + 60), plan.next());
    assertFalse(plan.more());
  }

  @Test
  void shouldSkipWhatIsDue_whenPaused() {
    TickPlan plan = TickPlan.of(after(0, 200, MINUTELY.withPaused(true)));
    assertEquals(List.of(), plan.fire());
    assertEquals(List.of(new Skipped(SkipReason.PAUSED, 3, at(60), at(180))), plan.skipped());
    assertEquals(at(240), plan.next());
  }

  @Test
  void shouldDecideEachTickOnce_whenAskedAgainAndAgain() {
    Instant considered = T0;
    List<Instant> fired = new ArrayList<>();
    long skipped = 0;
    for (int now = 0; now <= 294; now += 7) {
      TickPlan plan = TickPlan.of(new TickPlan.Question(SECONDLY, T0, considered, at(now), false));
      fired.addAll(plan.fire());
      skipped += plan.skipped().stream().mapToLong(Skipped::count).sum();
      considered = plan.considered();
    }
    assertEquals(LongStream.rangeClosed(1, 294).mapToObj(TickPlanTest::at).toList(), fired);
    assertEquals(0, skipped);
  }

  @Test
  void shouldFireAllInSeveralPlans_whenThereAreManyMisfires() {
    ScheduleSpec spec = SECONDLY.withMisfire(new Misfire(Policy.FIRE_ALL, Misfire.LIMIT_MAX));
    Caught caught = catchUp(spec, MONTH);
    long misfires = MONTH - Misfire.LATE.toSeconds() - 1;
    assertEquals(
        LongStream.rangeClosed(misfires - Misfire.LIMIT_MAX + 1, MONTH)
            .mapToObj(TickPlanTest::at)
            .toList(),
        caught.fired());
    assertEquals(
        new Skipped(
            SkipReason.MISFIRE_LIMIT,
            misfires - Misfire.LIMIT_MAX,
            at(1),
            at(misfires - Misfire.LIMIT_MAX)),
        caught.skipped());
  }

  @Test
  void shouldMakeGoodOne_whenItWasAwayForAMonth() {
    Caught caught = catchUp(SECONDLY, MONTH);
    long misfires = MONTH - Misfire.LATE.toSeconds() - 1;
    assertEquals(
        LongStream.rangeClosed(misfires, MONTH).mapToObj(TickPlanTest::at).toList(),
        caught.fired());
    assertEquals(
        new Skipped(SkipReason.MISFIRE_COLLAPSED, misfires - 1, at(1), at(misfires - 1)),
        caught.skipped());
  }

  @Test
  void shouldLookAtNoMoreTicksThanItsBound() {
    ScheduleSpec spec = SECONDLY.withMisfire(new Misfire(Policy.SKIP, 1));
    TickPlan plan = TickPlan.of(after(0, MONTH, spec));
    assertEquals(at(TickPlan.LOOKED_AT_MAX), plan.considered());
    assertEquals(at(TickPlan.LOOKED_AT_MAX + 1), plan.next());
    assertTrue(plan.more());
    TickPlan exact = TickPlan.of(after(0, TickPlan.LOOKED_AT_MAX, spec));
    assertEquals(at(TickPlan.LOOKED_AT_MAX), exact.considered());
    assertFalse(exact.more());
  }

  @Test
  void shouldFireNoMoreThanItsBound() {
    ScheduleSpec spec = SECONDLY.withMisfire(new Misfire(Policy.FIRE_ALL, Misfire.LIMIT_MAX));
    TickPlan plan = TickPlan.of(after(0, TickPlan.FIRED_MAX + 1, spec));
    assertEquals(TickPlan.FIRED_MAX, plan.fire().size());
    assertEquals(at(TickPlan.FIRED_MAX), plan.considered());
    assertTrue(plan.more());
    assertFalse(TickPlan.of(after(0, TickPlan.FIRED_MAX, spec)).more());
  }

  @Test
  void shouldAlignAnIntervalToItsAnchor() {
    ScheduleSpec spec = ScheduleSpec.of(new Cadence.Every(Duration.ofSeconds(90)), JOB);
    TickPlan plan = TickPlan.of(new TickPlan.Question(spec, T0, at(-500), at(100), false));
    assertEquals(List.of(at(90)), plan.fire());
    assertEquals(at(180), plan.next());
    assertNull(TickPlan.of(after(0, 80, spec)).fire().stream().findFirst().orElse(null));
  }

  private record Caught(List<Instant> fired, Skipped skipped) {}

  /** Asks until no more is due. */
  private static Caught catchUp(ScheduleSpec spec, int now) {
    List<Instant> fired = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    TickPlan plan = TickPlan.of(after(0, now, spec));
    while (true) {
      fired.addAll(plan.fire());
      skipped.addAll(plan.skipped());
      if (!plan.more()) {
        break;
      }
      plan = TickPlan.of(new TickPlan.Question(spec, T0, plan.considered(), at(now), false));
    }
    return new Caught(fired, skipped.stream().reduce(Skipped::and).orElseThrow());
  }

  private static TickPlan.Question after(long considered, long now, ScheduleSpec spec) {
    return new TickPlan.Question(spec, T0, at(considered), at(now), false);
  }

  private static Misfire misfire(String text) {
    String[] parts = text.split(" ");
    Policy policy =
        Arrays.stream(Policy.values())
            .filter(value -> value.text().equals(parts[0]))
            .findFirst()
            .orElseThrow();
    return new Misfire(policy, Integer.parseInt(parts[1]));
  }

  private static Instant at(long seconds) {
    return T0.plusSeconds(seconds);
  }

  private static String seconds(Instant time) {
    return Long.toString(time.getEpochSecond() - T0.getEpochSecond());
  }

  private static String text(Skipped skipped) {
    return skipped.reason().text()
        + " "
        + skipped.count()
        + " "
        + seconds(skipped.first())
        + "-"
        + seconds(skipped.last());
  }
}
