package dev.kanal.common.schedule;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Days of the week as Quartz numbers them, from 1 for Sunday: that is what a number beside {@code
 * ?} may have meant.
 */
final class QuartzDays {
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  /** A number that is no step and no place in the month. */
  private static final Pattern DAY = Pattern.compile("(?<![/#\\d])[0-7](?!\\d)");

  private QuartzDays() {}

  /** The warning about these two fields; null if they mean the same in Quartz and here. */
  static @Nullable String warning(String ofMonth, String ofWeek) {
    Matcher day = DAY.matcher(ofWeek);
    if (!ofMonth.equals("?") || !day.find()) {
      return null;
    }
    String here = day.replaceAll(found -> DAYS.get(Integer.parseInt(found.group()) % 7));
    String there =
        day.replaceAll(
            found -> {
              int number = Integer.parseInt(found.group());
              return number == 0 ? "0" : DAYS.get(number - 1);
            });
    return ("The day of week %s means %s here, where Sunday is 0 or 7. In expressions for Quartz,"
            + " which write ? beside it, Sunday is 1, and it means %s. Names of days mean the same"
            + " in both")
        .formatted(ofWeek, here.toUpperCase(Locale.ROOT), there.toUpperCase(Locale.ROOT));
  }
}
