package dev.kanal.common.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronTest {
  /** A Wednesday. */
  private static final String NOW = "2025-01-01T12:34:56";

  @Test
  void shouldFindTheNextTimes() {
    next("*/15 * * * *", "2025-01-01T12:45:00", "2025-01-01T13:00:00", "2025-01-01T13:15:00");
    next("* * * * * *", "2025-01-01T12:34:57", "2025-01-01T12:34:58");
    next("30 5/20 * * * *", "2025-01-01T12:45:30", "2025-01-01T13:05:30");
    next("0 9-17/4 * * MON-FRI", "2025-01-01T13:00:00", "2025-01-01T17:00:00");
    next("0 0 * jan,DEC sun", "2025-01-05T00:00:00", "2025-01-12T00:00:00");
    next("0 0 * * 7", "2025-01-05T00:00:00");
    next("0 0 * * SAT-SUN", "2025-01-04T00:00:00", "2025-01-05T00:00:00");
    next("0 0 * * 5/1", "2025-01-03T00:00:00", "2025-01-04T00:00:00", "2025-01-10T00:00:00");
    next("0 0 29 2 *", "2028-02-29T00:00:00", "2032-02-29T00:00:00");
    next("  0  12 ? * ?  ", "2025-01-02T12:00:00");
  }

  @Test
  void shouldCountDaysFromTheEndOfTheMonth() {
    next("0 0 L * *", "2025-01-31T00:00:00", "2025-02-28T00:00:00", "2025-03-31T00:00:00");
    next("0 0 l-3 * ?", "2025-01-28T00:00:00", "2025-02-25T00:00:00");
    next("0 0 L-29 * ?", "2025-01-02T00:00:00", "2025-03-02T00:00:00", "2025-04-01T00:00:00");
    next("0 0 ? * FRIL", "2025-01-31T00:00:00", "2025-02-28T00:00:00", "2025-03-28T00:00:00");
    next("0 0 * * 5L", "2025-01-31T00:00:00", "2025-02-28T00:00:00");
    next("0 0 * * 7L", "2025-01-26T00:00:00", "2025-02-23T00:00:00");
  }

  @Test
  void shouldCountDaysOfTheWeekWithinTheMonth() {
    next("0 0 ? * FRI#2", "2025-01-10T00:00:00", "2025-02-14T00:00:00");
    next(
        "0 0 ? * mon#1,mon#5", "2025-01-06T00:00:00", "2025-02-03T00:00:00", "2025-03-03T00:00:00");
    next("0 0 ? 3 mon#1,mon#5", "2025-03-03T00:00:00", "2025-03-31T00:00:00");
    next("0 0 ? 2 SUN#5", "2032-02-29T00:00:00");
  }

  @Test
  void shouldTakeTheNearestWeekdayOfTheSameMonth() {
    next("0 0 15W * *", "2025-01-15T00:00:00", "2025-02-14T00:00:00", "2025-03-14T00:00:00");
    next("0 0 1W 2,3,6 *", "2025-02-03T00:00:00", "2025-03-03T00:00:00", "2025-06-02T00:00:00");
    next("0 0 31W 8 *", "2025-08-29T00:00:00");
    next("0 0 LW * *", "2025-01-31T00:00:00", "2025-02-28T00:00:00", "2025-03-31T00:00:00");
  }

  @Test
  void shouldTakeEitherDay_whenBothFieldsAreRestricted() {
    next("0 0 13 * FRI", "2025-01-03T00:00:00", "2025-01-10T00:00:00", "2025-01-13T00:00:00");
    next("0 0 1-7 * 0-6", "2025-01-02T00:00:00", "2025-01-03T00:00:00");
  }

  @Test
  void shouldTakeDaysThatMatchBoth_whenOneFieldBeginsWithAStar() {
    next("0 0 */10 * FRI", "2025-01-31T00:00:00", "2025-02-21T00:00:00", "2025-03-21T00:00:00");
    next("0 0 5 * */6", "2025-01-05T00:00:00", "2025-04-05T00:00:00", "2025-07-05T00:00:00");
  }

  @Test
  void shouldKnowTheMacros() {
    same("@hourly", "0 * * * *");
    same("@daily", "0 0 * * *");
    same("@Midnight", "0 0 0 * * *");
    same("@weekly", "0 0 * * 0");
    same("@monthly", "0 0 1 * *");
    same("@yearly", "0 0 1 1 *");
    same("@annually", "0 0 1 1 ?");
  }

  @Test
  void shouldNameFieldAndBound_whenRefused() {
    refused("61 * * * *", "Expected minute from 0 to 59, but got 61");
    refused("60 * * * * *", "Expected second from 0 to 59, but got 60");
    refused("0 24 * * *", "Expected hour from 0 to 23, but got 24");
    refused("0 0 0 * *", "Expected day of month from 1 to 31, but got 0");
    refused("0 0 * 13 *", "Expected month from 1 to 12 or JAN to DEC, but got 13");
    refused("0 0 * * 8", "Expected day of week from 0 to 7 or SUN to SAT, but got 8");
    refused("0 0 * * FRY", "Expected day of week from 0 to 7 or SUN to SAT, but got FRY");
    refused(
        "0 0 * * L",
        "Expected a day before L as day of week, such as FRIL for the last Friday of the month (the"
            + " last day of the month is L as day of month, and Saturday is SAT), but got L alone");
    refused("0 0 * * #2", "Expected a day of week before #, such as FRI#2, but got #2");
    refused(
        "0 0 W * *", "Expected a day before W, such as 15W, or LW for the last weekday, but got W");
    refused("1, * * * *", "Expected minute without an empty place, but got 1,");
    refused("-5 * * * *", "Expected minute range with both its ends, but got -5");
    refused("0 5- * * *", "Expected hour range with both its ends, but got 5-");
    refused("/5 * * * *", "Expected minute with something before the /, but got /5");
    refused("5/ * * * *", "Expected minute with a step after the /, but got 5/");
    refused("? * * * *", "Expected minute from 0 to 59, but got ?");
    refused("*/61 * * * *", "Expected step of minute from 1 to 60, but got 61");
    refused("*/0 * * * *", "Expected step of minute from 1 to 60, but got 0");
    refused("0 22-2 * * *", "Expected hour range from low to high, but got 22-2");
    refused("0 0 L-31 * *", "Expected days before the last day of month from 1 to 30, but got 31");
    refused("0 0 32W * *", "Expected day of month from 1 to 31, but got 32");
    refused("0 0 * * 5#6", "Expected day of week # from 1 to 5, but got 6");
    refused(
        "0 0 * *",
        "Expected a cron expression of 5 fields (minute, hour, day of month, month,"
            + " day of week) or 6 (second first), but got 4");
    refused(
        "0 0 0 1 1 ? 2030",
        "Expected a cron expression of 5 fields (minute, hour, day of"
            + " month, month, day of week) or 6 (second first), but got 7: a year cannot be named");
    refused(
        "",
        "Expected a cron expression of 5 fields (minute, hour, day of month, month,"
            + " day of week) or 6 (second first), but got 0");
    refused(
        "@reboot",
        "Expected one of @annually, @daily, @hourly, @midnight, @monthly, @weekly,"
            + " @yearly, but got @reboot");
  }

  @Test
  void shouldRefuseWhatNeverFires() {
    refused(
        "0 0 30 2 *",
        "Expected a cron expression that fires some day, but 0 0 30 2 * matches"
            + " no date of any year");
    assertThrows(IllegalArgumentException.class, () -> Cron.parse("0 0 31 4,6,9,11 *"));
    assertThrows(IllegalArgumentException.class, () -> Cron.parse("0 0 L-30 2 *"));
  }

  @Test
  void shouldBoundTheLengthOfAnExpression() {
    String longest = "0" + ",0".repeat(123) + " 0 * * *";
    assertEquals(255, longest.length());
    Cron.parse(" " + longest);
    refused("  " + longest, "Expected a cron expression of at most 256 characters, but got 257");
  }

  @Test
  void shouldReachTheRarestDay() {
    next("0 0 29 2 */7", "2032-02-29T00:00:00", "2060-02-29T00:00:00", "2088-02-29T00:00:00");
    Instant beforeTheLongGap = LocalDateTime.parse("2096-03-01T00:00:00").toInstant(ZoneOffset.UTC);
    assertEquals(
        Instant.parse("2104-02-29T00:00:00Z"),
        Cron.parse("0 0 29 2 *").next(beforeTheLongGap, ZoneOffset.UTC).orElseThrow());
  }

  @Test
  void shouldGiveUp_whenOnlyHoursAreMeantThatTheZoneSkips() {
    ZoneId paris = ZoneId.of("Europe/Paris");
    assertTrue(Cron.parse("* 2 ? 3 SUNL").next(Instant.parse(NOW + "Z"), paris).isEmpty());
    assertEquals(
        Instant.parse("2025-03-30T01:00:00Z"),
        Cron.parse("0 2 ? 3 SUNL").next(Instant.parse(NOW + "Z"), paris).orElseThrow());
  }

  @Test
  void shouldFollowFractionsOfASecond() {
    Cron cron = Cron.parse("* * * * * *");
    Instant second = Instant.parse(NOW + "Z");
    assertEquals(
        second, cron.next(second.minus(Duration.ofNanos(1)), ZoneOffset.UTC).orElseThrow());
    assertEquals(
        second.plusSeconds(1), cron.next(second.plusNanos(1), ZoneOffset.UTC).orElseThrow());
  }

  private static void next(String expression, String... expected) {
    List<Instant> ticks =
        Cron.parse(expression).next(Instant.parse(NOW + "Z"), ZoneOffset.UTC, expected.length);
    assertEquals(
        List.of(expected).stream().map(text -> Instant.parse(text + "Z")).toList(),
        ticks,
        expression);
  }

  private static void same(String macro, String expression) {
    Instant now = Instant.parse(NOW + "Z");
    assertEquals(
        Cron.parse(expression).next(now, ZoneOffset.UTC, 3),
        Cron.parse(macro).next(now, ZoneOffset.UTC, 3),
        macro);
  }

  @Test
  void shouldPointAtTheZone_whenItStandsInTheExpression() {
    String message =
        "Expected a cron expression without a time zone, which is set by zone beside it";
    refused("TZ=Europe/Paris 0 5 * * *", message + ", but got Europe/Paris");
    refused("CRON_TZ=Asia/Tokyo 0 5 * * *", message + ", but got Asia/Tokyo");
    refused("cron_tz=UTC @daily", message + ", but got UTC");
    refused("TZ= 0 5 * * *", message + ", but got TZ= 0 5 * * *");
    refused("0 5 * * * Europe/Paris", message + ", but got Europe/Paris");
    refused("0 0 5 * * * UTC", message + ", but got UTC");
    refused("@every 5m", "Expected every instead of cron, but got @every 5m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0-59/15 0-23 * * * | */15 * * * *",
        "0/15 0-23/1 1-31 1-12 0-6 | */15 * * * *",
        "0/1 * * * * | * * * * *",
        "0-29,30-59 */1 * * * | * * * * *",
        "0 0 1-31 * MON | 0 0 * * MON",
        "0 0 1/1 * MON | 0 0 * * MON",
        "0 0 1-15,16-31 * MON | 0 0 * * MON",
        "0 0 1/2 * MON | 0 0 */2 * MON",
        "0 0 1-31/2 * MON | 0 0 */2 * MON",
        "0 0 13 * 0-6 | 0 0 13 * *",
        "0 0 13 * 0-7 | 0 0 13 * *",
        "0 0 13 * 1-7 | 0 0 13 * *",
        "0 0 13 * MON-SUN | 0 0 13 * *",
        "0 0 13 * SUN-SAT | 0 0 13 * *",
        "0 0 13 * SAT,SUN,MON-FRI | 0 0 13 * *",
        "0 0 13 * 0/2 | 0 0 13 * */2",
        "0 0 13 1-12 * | 0 0 13 * *",
        "0-59 30 2 * * * | * 30 2 * * *",
      })
  void shouldTakeWhatCoversAFieldForAStar(String expression, String star) {
    for (String zone : List.of("UTC", "Europe/Paris", "Africa/Cairo", "Australia/Lord_Howe")) {
      for (String from :
          List.of("2026-03-28T00:00:00Z", "2026-04-03T00:00:00Z", "2026-10-24T00:00:00Z")) {
        Instant after = Instant.parse(from);
        assertEquals(
            Cron.parse(star).next(after, ZoneId.of(zone), 300),
            Cron.parse(expression).next(after, ZoneId.of(zone), 300),
            zone);
      }
    }
  }

  @Test
  void shouldGoOnReadingWhatWasTakenOnce() {
    String everyDayOfFebruary = "0 0 30 2 1-7";
    assertThrows(IllegalArgumentException.class, () -> Cron.parse(everyDayOfFebruary));

    Instant next =
        Cron.ofTaken(everyDayOfFebruary)
            .next(Instant.parse("2026-01-01T00:00:00Z"), ZoneId.of("UTC"))
            .orElseThrow();

    assertEquals(Instant.parse("2026-02-01T00:00:00Z"), next);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 9 ? * 2-6 | TUE-SAT | MON-FRI",
        "0 0 9 ? * 1 | MON | SUN",
        "0 0 12 ? * 6L | SATL | FRIL",
        "0 0 12 ? * 6#3 | SAT#3 | FRI#3",
        "0 9 ? * 1,7 | MON,SUN | SUN,SAT",
        "0 9 ? * 2/2 | TUE/2 | MON/2",
        "0 9 ? * MON-5 | MON-FRI | MON-THU",
        "0 9 ? * 0 | SUN | 0",
      })
  void shouldWarn_whenANumberIsADayBesideAQuestionMark(String text, String here, String there) {
    String warning = Cron.parse(text).warning().orElseThrow();

    assertTrue(warning.contains("means " + here + " here"), warning);
    assertTrue(warning.endsWith("it means " + there + ". Names of days mean the same in both"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 9 * * 2",
        "0 9 ? * MON-FRI",
        "0 9 ? * FRI#2",
        "0 9 ? * */2",
        "0 9 2 * ?",
        "@weekly"
      })
  void shouldNotWarn_whenBothDialectsAgree(String text) {
    assertTrue(Cron.parse(text).warning().isEmpty());
  }

  private static void refused(String expression, String message) {
    var refused = assertThrows(IllegalArgumentException.class, () -> Cron.parse(expression));
    assertEquals(message, refused.getMessage());
  }
}
