package dev.kanal.common.schedule;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  /** What an expression says; {@code wallClock} is explained at {@link Cron}. */
  record Parsed(CronTimes times, CronDays days, boolean wallClock) {}

  private CronParser() {}

  static Parsed parse(String text) {
    if (text.length() > TEXT_MAX) {
      throw new IllegalArgumentException(
          "Expected a cron expression of at most "
              + TEXT_MAX
              + " characters, but got "
              + text.length());
    }
    List<String> fields = fields(text.strip());
    CronTimes times =
        new CronTimes(
            set(CronField.SECOND, fields.get(0)),
            set(CronField.MINUTE, fields.get(1)),
            set(CronField.HOUR, fields.get(2)));
    CronDays days = days(fields.get(3), fields.get(4), fields.get(5));
    if (days.next(LocalDate.EPOCH) == null) {
      throw new IllegalArgumentException(
          "Expected a cron expression that fires some day, but "
              + text.strip()
              + " matches no date of any year");
    }
    boolean wallClock = fields.subList(0, 3).stream().noneMatch(CronParser::open);
    return new Parsed(times, days, wallClock);
  }

  private static List<String> fields(String text) {
    if (text.startsWith("@")) {
      String expression = MACROS.get(text.toLowerCase(Locale.ROOT));
      if (expression == null) {
        throw CronField.refuse(
            "one of " + String.join(", ", MACROS.keySet().stream().sorted().toList()), text);
      }
      return List.of(("0 " + expression).split(" "));
    }
    String[] fields = text.isEmpty() ? new String[0] : text.split("\\s+");
    return switch (fields.length) {
      case 5 -> List.of(("0 " + text).split("\\s+"));
      case 6 -> List.of(fields);
      default ->
          throw new IllegalArgumentException(
              "Expected a cron expression of 5 fields (minute, hour, day of month, month, day of"
                  + " week) or 6 (second first), but got "
                  + fields.length);
    };
  }

  /** Whether a field is an interval ({@code *}, {@code *}{@code /n}, {@code a/n}). */
  private static boolean open(String field) {
    return items(field).stream()
        .anyMatch(item -> item.startsWith("*") || (item.contains("/") && !item.contains("-")));
  }

  private static List<String> items(String field) {
    return List.of(field.split(",", -1));
  }

  private static long set(CronField field, String text) {
    long set = 0;
    for (String item : items(text)) {
      set |= range(field, item);
    }
    return set;
  }

  /** {@code *}, {@code a}, {@code a-b}, each with or without {@code /step}; not all of them. */
  private static long range(CronField field, String item) {
    int slash = item.indexOf('/');
    String range = slash < 0 ? item : item.substring(0, slash);
    int step =
        slash < 0
            ? 1
            : CronField.number(
                "step of " + field.label() + " from 1 to " + field.stepMax(),
                item.substring(slash + 1),
                1,
                field.stepMax());
    int dash = range.indexOf('-');
    int low;
    int high;
    if (range.equals("*")) {
      low = field.min();
      high = field == CronField.DAY_OF_WEEK ? 6 : field.max();
    } else if (dash < 0) {
      low = field.value(range);
      high = slash < 0 ? low : Math.max(low, field == CronField.DAY_OF_WEEK ? 6 : field.max());
    } else {
      low = field.value(range.substring(0, dash));
      high = field.value(range.substring(dash + 1));
      high = field == CronField.DAY_OF_WEEK && high == 0 && low > 0 ? 7 : high;
      if (low > high) {
        throw CronField.refuse(field.label() + " range from low to high", range);
      }
    }
    long set = 0;
    for (int value = low; value <= high; value += step) {
      set |= 1L << value;
    }
    return set;
  }

  private static CronDays days(String ofMonth, String month, String ofWeek) {
    boolean either = !unrestricted(ofMonth) && !unrestricted(ofWeek);
    return new CronDays(set(CronField.MONTH, month), ofMonth(ofMonth), ofWeek(ofWeek), either);
  }

  private static boolean unrestricted(String field) {
    return field.startsWith("*") || field.equals("?");
  }

  private static CronDays.OfMonth ofMonth(String text) {
    CronField field = CronField.DAY_OF_MONTH;
    if (text.equals("?")) {
      return new CronDays.OfMonth(set(field, "*"), 0, 0);
    }
    long days = 0;
    long fromEnd = 0;
    long nearest = 0;
    for (String item : items(text.toUpperCase(Locale.ROOT))) {
      if (item.equals("L")) {
        fromEnd |= 1;
      } else if (item.startsWith("L-")) {
        String what = "days before the last day of month from 1 to 30";
        fromEnd |= 1L << CronField.number(what, item.substring(2), 1, 30);
      } else if (item.equals("LW")) {
        nearest |= 1;
      } else if (item.endsWith("W")) {
        nearest |= 1L << field.value(item.substring(0, item.length() - 1));
      } else {
        days |= range(field, item);
      }
    }
    return new CronDays.OfMonth(days, fromEnd, nearest);
  }

  private static CronDays.OfWeek ofWeek(String text) {
    CronField field = CronField.DAY_OF_WEEK;
    if (text.equals("?")) {
      return new CronDays.OfWeek(set(field, "*"), 0, 0);
    }
    long days = 0;
    long nth = 0;
    long last = 0;
    for (String item : items(text.toUpperCase(Locale.ROOT))) {
      int hash = item.indexOf('#');
      if (hash >= 0) {
        int weekday = field.value(item.substring(0, hash)) % 7;
        String what = "day of week # from 1 to " + CronDays.OfWeek.NTH_MAX;
        int n = CronField.number(what, item.substring(hash + 1), 1, CronDays.OfWeek.NTH_MAX);
        nth |= 1L << (weekday * CronDays.OfWeek.NTH_MAX + n - 1);
      } else if (item.endsWith("L")) {
        last |= 1L << field.value(item.substring(0, item.length() - 1)) % 7;
      } else {
        days |= range(field, item);
      }
    }
    long sunday = days >>> 7 & 1;
    return new CronDays.OfWeek((days | sunday) & 0x7F, nth, last);
  }
}
