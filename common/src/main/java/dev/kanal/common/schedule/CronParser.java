package dev.kanal.common.schedule;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads cron expressions. */
final class CronParser {
  private static final int TEXT_MAX = 256;

  private static final Map<String, String> MACROS =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * SUN",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  /** {@code TZ=} in front, as some crontabs and schedulers take it. */
  private static final Pattern ZONE_PREFIX = Pattern.compile("(?i)(?:CRON_)?TZ=(\\S*).*");

  private static final String FIELDS =
      "Expected a cron expression of 5 fields (minute, hour, day of month, month, day of"
          + " week) or 6 (second first), but got ";

  /**
   * What an expression says; {@code wallClock} is explained at {@link Cron}.
   *
   * @param warning what the writer may have meant instead; null if nothing
   */
  record Parsed(CronTimes times, CronDays days, boolean wallClock, @Nullable String warning) {}

  /**
   * The values of a field.
   *
   * @param interval whether one of its items stands for the whole field, or for every n-th value
   *     from one on
   * @param wide whether its first item stands for the whole field, if only for every n-th value
   */
  private record Values(long set, boolean interval, boolean wide) {}

  /** {@code *}, {@code a}, {@code a-b}, each with or without {@code /step}. */
  private record Range(int low, int high, int step, boolean toTheEnd) {
    long set() {
      long set = 0;
      for (int value = low; value <= high; value += step) {
        set |= 1L << value;
      }
      return set;
    }

    boolean isWhole(CronField field) {
      return field.isWhole(new Range(low, high, 1, false).set());
    }
  }

  private static final Values NOTHING = new Values(0, false, false);

  private CronParser() {}

  /**
   * Reads an expression.
   *
   * @param literal whether only {@code *} and {@code ?} leave a day field open, as in earlier
   *     releases
   */
  static Parsed parse(String text, boolean literal) {
    if (text.length() > TEXT_MAX) {
      throw new IllegalArgumentException(
          "Expected a cron expression of at most "
              + TEXT_MAX
              + " characters, but got "
              + text.length());
    }
    List<String> fields = fields(text.strip());
    Values second = values(CronField.SECOND, fields.get(0));
    Values minute = values(CronField.MINUTE, fields.get(1));
    Values hour = values(CronField.HOUR, fields.get(2));
    CronDays days = days(fields.subList(3, 6), literal);
    if (days.next(LocalDate.EPOCH) == null) {
      throw new IllegalArgumentException(
          "Expected a cron expression that fires some day, but "
              + text.strip()
              + " matches no date of any year");
    }
    boolean wallClock = !second.interval && !minute.interval && !hour.interval;
    CronTimes times = new CronTimes(second.set, minute.set, hour.set);
    String warning = QuartzDays.warning(fields.get(3), fields.get(5));
    return new Parsed(times, days, wallClock, warning);
  }

  private static List<String> fields(String text) {
    refuseZone(text);
    if (text.startsWith("@")) {
      String expression = MACROS.get(text.toLowerCase(Locale.ROOT));
      if (expression == null) {
        String known = String.join(", ", MACROS.keySet().stream().sorted().toList());
        throw CronField.refuse(
            text.startsWith("@every") ? "every instead of cron" : "one of " + known, text);
      }
      return List.of(("0 " + expression).split(" "));
    }
    String[] fields = text.isEmpty() ? new String[0] : text.split("\\s+");
    return switch (fields.length) {
      case 5 -> List.of(("0 " + text).split("\\s+"));
      case 6 -> List.of(fields);
      case 7 -> throw new IllegalArgumentException(FIELDS + "7: a year cannot be named");
      default -> throw new IllegalArgumentException(FIELDS + fields.length);
    };
  }

  private static void refuseZone(String text) {
    Matcher prefix = ZONE_PREFIX.matcher(text);
    String[] fields = text.split("\\s+");
    String last = fields[fields.length - 1];
    String zone =
        prefix.matches()
            ? prefix.group(1)
            : fields.length > 5 && ZoneId.getAvailableZoneIds().contains(last) ? last : null;
    if (zone != null) {
      throw CronField.refuse(
          "a cron expression without a time zone, which is set by zone beside it",
          zone.isEmpty() ? text : zone);
    }
  }

  private static List<String> items(String field) {
    return List.of(field.split(",", -1));
  }

  private static Values values(CronField field, String text) {
    long set = 0;
    boolean interval = false;
    boolean wide = false;
    List<String> items = items(text);
    for (int i = 0; i < items.size(); i++) {
      Range range = range(field, items.get(i), text);
      set |= range.set();
      interval |= range.toTheEnd || range.isWhole(field);
      wide |= i == 0 && range.isWhole(field);
    }
    boolean whole = field.isWhole(set);
    return new Values(set, interval || whole, wide || whole);
  }

  private static Range range(CronField field, String item, String text) {
    int slash = item.indexOf('/');
    String range = slash < 0 ? item : item.substring(0, slash);
    if (range.isEmpty()) {
      String what = slash < 0 ? " without an empty place" : " with something before the /";
      throw CronField.refuse(field.label() + what, text);
    }
    int step = slash < 0 ? 1 : step(field, item.substring(slash + 1), item);
    int dash = range.indexOf('-');
    if (range.equals("*")) {
      return new Range(field.min(), field.last(), step, true);
    }
    if (dash < 0) {
      int low = field.value(range);
      int high = slash < 0 ? low : Math.max(low, field.last());
      return new Range(low, high, step, slash >= 0);
    }
    if (dash == 0 || dash == range.length() - 1) {
      throw CronField.refuse(field.label() + " range with both its ends", range);
    }
    int low = field.value(range.substring(0, dash));
    int high = field.value(range.substring(dash + 1));
    high = field == CronField.DAY_OF_WEEK && high == 0 && low > 0 ? 7 : high;
    if (low > high) {
      throw CronField.refuse(field.label() + " range from low to high", range);
    }
    return new Range(low, high, step, false);
  }

  private static int step(CronField field, String text, String item) {
    if (text.isEmpty()) {
      throw CronField.refuse(field.label() + " with a step after the /", item);
    }
    String what = "step of " + field.label() + " from 1 to " + field.stepMax();
    return CronField.number(what, text, 1, field.stepMax());
  }

  /** Of the fields day of month, month and day of week. */
  private static CronDays days(List<String> fields, boolean literal) {
    OfMonth ofMonth = ofMonth(fields.get(0));
    OfWeek ofWeek = ofWeek(fields.get(2));
    boolean open =
        literal
            ? fields.get(0).matches("[*?].*") || fields.get(2).matches("[*?].*")
            : ofMonth.open || ofWeek.open;
    long months = values(CronField.MONTH, fields.get(1)).set;
    return new CronDays(months, ofMonth.days, ofWeek.days, !open);
  }

  /** A day field, and whether it leaves the day open. */
  private record OfMonth(CronDays.OfMonth days, boolean open) {}

  /** A day field, and whether it leaves the day open. */
  private record OfWeek(CronDays.OfWeek days, boolean open) {}

  private static OfMonth ofMonth(String text) {
    CronField field = CronField.DAY_OF_MONTH;
    List<String> plain = new ArrayList<>();
    long fromEnd = 0;
    long nearest = 0;
    for (String item : items(text.equals("?") ? "*" : text.toUpperCase(Locale.ROOT))) {
      if (item.equals("L")) {
        fromEnd |= 1;
      } else if (item.startsWith("L-")) {
        String what = "days before the last day of month from 1 to 30";
        fromEnd |= 1L << CronField.number(what, item.substring(2), 1, 30);
      } else if (item.equals("LW")) {
        nearest |= 1;
      } else if (item.equals("W")) {
        throw CronField.refuse("a day before W, such as 15W, or LW for the last weekday", "W");
      } else if (item.endsWith("W")) {
        nearest |= 1L << field.value(item.substring(0, item.length() - 1));
      } else {
        plain.add(item);
      }
    }
    Values days = plain.isEmpty() ? NOTHING : values(field, String.join(",", plain));
    boolean open = days.wide && (field.isWhole(days.set) || isFirst(plain, text));
    return new OfMonth(new CronDays.OfMonth(days.set, fromEnd, nearest), open);
  }

  private static OfWeek ofWeek(String text) {
    CronField field = CronField.DAY_OF_WEEK;
    List<String> plain = new ArrayList<>();
    long nth = 0;
    long last = 0;
    for (String item : items(text.equals("?") ? "*" : text.toUpperCase(Locale.ROOT))) {
      int hash = item.indexOf('#');
      if (hash == 0) {
        throw CronField.refuse("a day of week before #, such as FRI#2", item);
      } else if (hash > 0) {
        int weekday = field.value(item.substring(0, hash)) % 7;
        String what = "day of week # from 1 to " + CronDays.OfWeek.NTH_MAX;
        int n = CronField.number(what, item.substring(hash + 1), 1, CronDays.OfWeek.NTH_MAX);
        nth |= 1L << (weekday * CronDays.OfWeek.NTH_MAX + n - 1);
      } else if (item.equals("L")) {
        throw CronField.refuse(
            "a day before L as day of week, such as FRIL for the last Friday of the month"
                + " (the last day of the month is L as day of month, and Saturday is SAT)",
            "L alone");
      } else if (item.endsWith("L")) {
        last |= 1L << field.value(item.substring(0, item.length() - 1)) % 7;
      } else {
        plain.add(item);
      }
    }
    Values days = plain.isEmpty() ? NOTHING : values(field, String.join(",", plain));
    boolean open = days.wide && (field.isWhole(days.set) || isFirst(plain, text));
    long set = (days.set | ((days.set >>> 7) & 1)) & 0x7F;
    return new OfWeek(new CronDays.OfWeek(set, nth, last), open);
  }

  /** Whether a field begins with a plain item, and not with one with {@code L}, {@code W}. */
  private static boolean isFirst(List<String> plain, String text) {
    return text.equals("?") || plain.getFirst().equalsIgnoreCase(items(text).getFirst());
  }
}
