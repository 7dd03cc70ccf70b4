package dev.kanal.common.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression: {@code [second] minute hour day-of-month month day-of-week}.
 *
 * <p>Each field is a list of {@code *}, {@code a}, {@code a-b}, {@code a-b/n}, {@code *}{@code /n}
 * or {@code a/n}; months and days of the week have names; Sunday is 0, 7 or {@code SUN}. Day of
 * month also takes {@code L} (last day), {@code L-3} (the third before it), {@code 15W} (the weekday
 * nearest to the 15th, in its month) and {@code LW}; day of week also takes {@code FRI#2} (second
 * Friday) and {@code FRIL} (last Friday); both take {@code ?} for {@code *}. {@code @hourly}, {@code
 * @daily} ({@code @midnight}), {@code @weekly}, {@code @monthly} and {@code @yearly} ({@code
 * @annually}) stand for expressions.
 *
 * <p><b>Wildcards.</b> What covers a field is {@code *}, however it is written: a range from the
 * first value to the last ({@code 0-59}, {@code MON-SUN}; with a step {@code *}{@code /n}), {@code
 * a/n} from the first value on, a list without a gap.
 *
 * <p><b>Days.</b> If neither of the two day fields begins with a wildcard or is {@code ?}, a day
 * that matches either of them is meant; otherwise a day has to match both.
 *
 * <p><b>Daylight saving.</b> If second, minute or hour has a wildcard or is an interval ({@code
 * *}{@code /n}, {@code a/n}), the expression follows real time: it fires whenever the clock on the
 * wall matches, so in both passes of a repeated hour and never for a skipped one. Otherwise it
 * names times on the wall, by lists and ranges too, and each fires once: in the first pass if it is
 * repeated, and if it is skipped right when the clock has been put forward (several skipped times
 * make one tick). So {@code 30 1-3 * * *} fires three times on every day: at 1:30, 3:00 and 3:30
 * where 2:30 is skipped.
 */
public final class Cron {
  /** After this many years a real-time expression that fires at skipped hours only is given up. */
  private static final int SEARCH_YEARS = 60;

  private final String text;
  private final CronTimes times;
  private final CronDays days;
  private final boolean wallClock;
  private final @Nullable String warning;

  private Cron(String text, CronParser.Parsed parsed) {
    this.text = text;
    this.times = parsed.times();
    this.days = parsed.days();
    this.wallClock = parsed.wallClock();
    this.warning = parsed.warning();
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException naming the field and its bounds, if {@code text} is none, or
   *     if it matches no date of any year
   */
  public static Cron parse(String text) {
    return new Cron(text.strip(), CronParser.parse(text, false));
  }

  /** Reads an expression that was taken once, even if it would not be taken any more. */
  public static Cron ofTaken(String text) {
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      return new Cron(text.strip(), CronParser.parse(text, true));
    }
  }

  /** What its writer may have meant instead. */
  public Optional<String> warning() {
    return Optional.ofNullable(warning);
  }

  /**
   * The first tick after {@code after}. There is none only for an expression that follows real time
   * and means nothing but hours that {@code zone} always skips.
   */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    Instant last = after.truncatedTo(ChronoUnit.SECONDS);
    ZoneRules rules = zone.getRules();
    return Optional.ofNullable(
        wallClock ? nextOnWall(last, rules) : nextInReal(last.plusSeconds(1), rules));
  }

  /** The first {@code count} ticks after {@code after}. */
  public List<Instant> next(Instant after, ZoneId zone, int count) {
    List<Instant> ticks = new ArrayList<>(count);
    Optional<Instant> tick = next(after, zone);
    while (tick.isPresent() && ticks.size() < count) {
      ticks.add(tick.get());
      tick = next(tick.get(), zone);
    }
    return ticks;
  }

  private Instant nextOnWall(Instant last, ZoneRules rules) {
    LocalDateTime seen = LocalDateTime.ofInstant(last, rules.getOffset(last));
    ZoneOffsetTransition transition = rules.getTransition(seen);
    boolean secondPass =
        transition != null && transition.isOverlap() && !last.isBefore(transition.getInstant());
    LocalDateTime local =
        nextLocal(secondPass ? transition.getDateTimeBefore() : seen.plusSeconds(1));
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return offsets.isEmpty()
        ? rules.getTransition(local).getInstant()
        : local.toInstant(offsets.getFirst());
  }

  /** Looks through the stretches of time without a change of the zone's offset. */
  private @Nullable Instant nextInReal(Instant from, ZoneRules rules) {
    Instant end = from.plus(SEARCH_YEARS * 366L, ChronoUnit.DAYS);
    Instant start = from;
    while (start.isBefore(end)) {
      ZoneOffset offset = rules.getOffset(start);
      Instant match = nextLocal(LocalDateTime.ofInstant(start, offset)).toInstant(offset);
      ZoneOffsetTransition transition = rules.nextTransition(start);
      if (transition == null || match.isBefore(transition.getInstant())) {
        return match;
      }
      start = transition.getInstant();
    }
    return null;
  }

  /** The first match on a calendar without zones, from {@code from} on. */
  private LocalDateTime nextLocal(LocalDateTime from) {
    LocalDate date = from.toLocalDate();
    if (days.contains(date)) {
      LocalTime time = times.next(from.toLocalTime());
      if (time != null) {
        return date.atTime(time);
      }
    }
    LocalDate next = Objects.requireNonNull(days.next(date.plusDays(1)), "checked when parsed");
    return next.atTime(times.first());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cron that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The expression as it was given. */
  @Override
  public String toString() {
    return text;
  }
}
