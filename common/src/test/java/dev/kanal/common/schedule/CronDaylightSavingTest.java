package dev.kanal.common.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ticks around changes of the clock, written by hand. */
final class CronDaylightSavingTest {
  private static final String PARIS = "Europe/Paris";
  private static final String NEW_YORK = "America/New_York";
  private static final String LORD_HOWE = "Australia/Lord_Howe";
  private static final String CAIRO = "Africa/Cairo";

  @Test
  void shouldRunOnceJustAfterTheGap_whenTheTimeIsSkipped() {
    ticks(
        PARIS,
        "30 2 * * *",
        "2025-03-29T02:30+01:00",
        "2025-03-30T03:00+02:00",
        "2025-03-31T02:30+02:00");
    ticks(
        NEW_YORK,
        "0 2 * * *",
        "2025-03-08T02:00-05:00",
        "2025-03-09T03:00-04:00",
        "2025-03-10T02:00-04:00");
    ticks(
        LORD_HOWE,
        "15 2 * * *",
        "2025-10-04T02:15+10:30",
        "2025-10-05T02:30+11:00",
        "2025-10-06T02:15+11:00");
    ticks(
        CAIRO,
        "0 0 * * *",
        "2025-04-24T00:00+02:00",
        "2025-04-25T01:00+03:00",
        "2025-04-26T00:00+03:00");
    ticks(CAIRO, "@weekly", "2025-04-20T00:00+02:00", "2025-04-27T00:00+03:00");
    ticks(CAIRO, "30 59 0 25 4 ?", "2025-04-25T01:00+03:00", "2026-04-25T00:59:30+03:00");
  }

  @Test
  void shouldMakeOneTickOfSeveralSkippedTimes() {
    ticks(
        PARIS,
        "0,20,40 2,3 30 3 *",
        "2025-03-30T03:00+02:00",
        "2025-03-30T03:20+02:00",
        "2025-03-30T03:40+02:00",
        "2026-03-30T02:00+02:00");
    ticks(
        PARIS,
        "10,50 2 * * *",
        "2025-03-29T02:50+01:00",
        "2025-03-30T03:00+02:00",
        "2025-03-31T02:10+02:00");
    ticks("Pacific/Apia", "0 8,12 30 * *", "2011-12-31T00:00+14:00", "2012-01-30T08:00+14:00");
  }

  @Test
  void shouldRunInTheFirstPass_whenTheTimeIsRepeated() {
    ticks(
        PARIS,
        "30 2 * * *",
        "2025-10-25T02:30+02:00",
        "2025-10-26T02:30+02:00",
        "2025-10-27T02:30+01:00");
    ticks(
        NEW_YORK,
        "0,59 1 * * *",
        "2025-11-02T01:00-04:00",
        "2025-11-02T01:59-04:00",
        "2025-11-03T01:00-05:00");
    ticks(LORD_HOWE, "45 1 * * *", "2025-04-06T01:45+11:00", "2025-04-07T01:45+10:30");
    ticks(CAIRO, "30 23 * * *", "2025-10-30T23:30+03:00", "2025-10-31T23:30+02:00");
    ticks(
        PARIS,
        "0 1-3 26 10 *",
        "2025-10-26T01:00+02:00",
        "2025-10-26T02:00+02:00",
        "2025-10-26T03:00+01:00");
  }

  @Test
  void shouldFollowRealTime_whenAFieldIsAnInterval() {
    ticks(
        PARIS,
        "0 * * * *",
        "2025-03-30T01:00+01:00",
        "2025-03-30T03:00+02:00",
        "2025-03-30T04:00+02:00");
    ticks(
        PARIS,
        "0 * * * *",
        "2025-10-26T01:00+02:00",
        "2025-10-26T02:00+02:00",
        "2025-10-26T02:00+01:00",
        "2025-10-26T03:00+01:00");
    ticks(
        PARIS,
        "@hourly",
        "2025-10-26T02:00+02:00",
        "2025-10-26T02:00+01:00",
        "2025-10-26T03:00+01:00");
    ticks(
        PARIS,
        "*/30 * * * *",
        "2025-03-30T01:30+01:00",
        "2025-03-30T03:00+02:00",
        "2025-03-30T03:30+02:00");
    ticks(
        NEW_YORK,
        "0/30 * * * *",
        "2025-11-02T01:30-04:00",
        "2025-11-02T01:00-05:00",
        "2025-11-02T01:30-05:00",
        "2025-11-02T02:00-05:00");
    ticks(
        LORD_HOWE,
        "*/15 * * * *",
        "2025-04-06T01:45+11:00",
        "2025-04-06T01:30+10:30",
        "2025-04-06T01:45+10:30",
        "2025-04-06T02:00+10:30");
    ticks(
        LORD_HOWE,
        "*/15 * * * *",
        "2025-10-05T01:45+10:30",
        "2025-10-05T02:30+11:00",
        "2025-10-05T02:45+11:00");
    ticks(CAIRO, "0 * * * *", "2025-04-24T23:00+02:00", "2025-04-25T01:00+03:00");
  }

  @Test
  void shouldRunTwiceOrNotAtAll_whenAnIntervalIsWithinTheHourThatChanges() {
    ticks(PARIS, "*/30 2 * * *", "2025-03-29T02:30+01:00", "2025-03-31T02:00+02:00");
    ticks(
        PARIS,
        "*/30 2 26 10 *",
        "2025-10-26T02:00+02:00",
        "2025-10-26T02:30+02:00",
        "2025-10-26T02:00+01:00",
        "2025-10-26T02:30+01:00",
        "2026-10-26T02:00+01:00");
    ticks(NEW_YORK, "0 */2 * * *", "2025-03-09T00:00-05:00", "2025-03-09T04:00-04:00");
  }

  @Test
  void shouldFollowRealTime_whenARangeCoversItsField() {
    for (String quarterly :
        List.of("*/15 * * * *", "0-59/15 0-23 * * *", "0,15,30,45 0-23 * * *")) {
      ticks(
          PARIS,
          quarterly,
          "2025-10-26T02:45+02:00",
          "2025-10-26T02:00+01:00",
          "2025-10-26T02:15+01:00",
          "2025-10-26T02:30+01:00",
          "2025-10-26T02:45+01:00",
          "2025-10-26T03:00+01:00");
    }
  }

  @Test
  void shouldRunOnceForEachNamedTime_whenTheyAreARange() {
    ticks(
        PARIS,
        "30 1-3 * * *",
        "2026-03-28T03:30+01:00",
        "2026-03-29T01:30+01:00",
        "2026-03-29T03:00+02:00",
        "2026-03-29T03:30+02:00",
        "2026-03-30T01:30+02:00");
    ticks(
        PARIS,
        "30 1-3 * * *",
        "2026-10-25T01:30+02:00",
        "2026-10-25T02:30+02:00",
        "2026-10-25T03:30+01:00");
  }

  @Test
  void shouldIgnoreDaylightSaving_whenTheZoneHasNone() {
    ticks("Asia/Kolkata", "30 2 * * *", "2025-03-30T02:30+05:30", "2025-03-31T02:30+05:30");
    ticks("UTC", "30 2 * * *", "2025-10-26T02:30Z", "2025-10-27T02:30Z");
  }

  /** Expects {@code expected} and nothing in between. */
  private static void ticks(String zone, String expression, String... expected) {
    List<Instant> wanted = new ArrayList<>();
    for (String text : expected) {
      wanted.add(OffsetDateTime.parse(text).toInstant());
    }
    Instant before = wanted.getFirst().minusSeconds(1);
    assertEquals(
        wanted,
        Cron.parse(expression).next(before, ZoneId.of(zone), wanted.size()),
        expression + " in " + zone);
  }
}
