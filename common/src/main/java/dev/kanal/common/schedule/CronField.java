package dev.kanal.common.schedule;

import dev.kanal.common.job.Texts;
import java.util.List;
import java.util.Locale;

/** A field of a cron expression, its bounds and the names it knows. */
enum CronField {
  SECOND("second", 0, 59, List.of()),
  MINUTE("minute", 0, 59, List.of()),
  HOUR("hour", 0, 23, List.of()),
  DAY_OF_MONTH("day of month", 1, 31, List.of()),
  MONTH(
      "month",
      1,
      12,
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
  /** Sunday is 0 and also 7. */
  DAY_OF_WEEK("day of week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

  private static final int ECHO_MAX = 20;

  private final String label;
  private final int min;
  private final int max;
  private final List<String> names;

  CronField(String label, int min, int max, List<String> names) {
    this.label = label;
    this.min = min;
    this.max = max;
    this.names = names;
  }

  String label() {
    return label;
  }

  int min() {
    return min;
  }

  int max() {
    return max;
  }

  /** The largest step: the number of values, which leaves only the first of them. */
  int stepMax() {
    return this == DAY_OF_WEEK ? 7 : max - min + 1;
  }

  /** The number that {@code text} stands for, as digits or as a name. */
  int value(String text) {
    int named = names.indexOf(text.toUpperCase(Locale.ROOT));
    return named >= 0 ? named + min : number(label + bounds(), text, min, max);
  }

  /** The last of its values that is not another name of the first. */
  int last() {
    return this == DAY_OF_WEEK ? 6 : max;
  }

  /** Whether a set leaves none of its values out. */
  boolean isWhole(long set) {
    long all = (2L << last()) - (1L << min);
    long values = this == DAY_OF_WEEK ? set | ((set >>> 7) & 1) : set;
    return (values & all) == all;
  }

  /** {@code text} as a number from {@code min} to {@code max}; {@code what} names it. */
  static int number(String what, String text, int min, int max) {
    if (!text.matches("\\d{1,4}")) {
      throw refuse(what, text);
    }
    int value = Integer.parseInt(text);
    if (value < min || value > max) {
      throw refuse(what, text);
    }
    return value;
  }

  static IllegalArgumentException refuse(String what, String text) {
    String echo = Texts.shown(text, ECHO_MAX);
    return new IllegalArgumentException(
        "Expected " + what + ", but got " + (echo.isEmpty() ? "nothing" : echo));
  }

  private String bounds() {
    String numbers = " from " + min + " to " + max;
    return names.isEmpty()
        ? numbers
        : numbers + " or " + names.getFirst() + " to " + names.getLast();
  }
}
