package dev.kanal.common.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Predicate;

/** Writes an expression and, with each part of it, what that part means. */
final class RandomCron {
  private static final String[] DAYS = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

  /**
   * A field: its text and its values.
   *
   * @param interval whether an item is an interval or covers the field, or all together do
   * @param open whether the first item covers the field, be it with a step, or all together do
   */
  private record Part(String text, BitSet values, boolean interval, boolean open) {}

  /** A day field: its text, its days and whether it leaves the day open. */
  private record DayPart(String text, Predicate<LocalDate> days, boolean open) {
    DayPart(String text, Predicate<LocalDate> days) {
      this(text, days, text.equals("*") || text.equals("?"));
    }
  }

  record Expression(String text, CronOracle.Meaning meaning) {}

  private final Random random;

  RandomCron(Random random) {
    this.random = random;
  }

  /** Without {@code withSeconds} only whole minutes are meant. */
  Expression next(boolean withSeconds) {
    Part second = withSeconds ? part(0, 59) : new Part("0", only(0), false, false);
    Part minute = part(0, 59);
    Part hour = random.nextInt(3) == 0 ? part(0, 3) : part(0, 23);
    Part month = random.nextInt(3) > 0 ? star(1, 12) : part(1, 12);
    DayPart ofMonth = dayOfMonth();
    DayPart ofWeek = dayOfWeek();
    boolean either = !ofMonth.open() && !ofWeek.open();
    Predicate<LocalDate> byField =
        either ? ofMonth.days().or(ofWeek.days()) : ofMonth.days().and(ofWeek.days());
    boolean realTime = second.interval() || minute.interval() || hour.interval();
    String text =
        String.join(" ", minute.text(), hour.text(), ofMonth.text(), month.text(), ofWeek.text());
    return new Expression(
        withSeconds ? second.text() + " " + text : text,
        new CronOracle.Meaning(
            date -> month.values().get(date.getMonthValue()) && byField.test(date),
            at ->
                second.values().get(at % 60)
                    && minute.values().get(at / 60 % 60)
                    && hour.values().get(at / 3600),
            realTime));
  }

  private Part part(int min, int max) {
    if (random.nextInt(5) == 0) {
      return star(min, max);
    }
    var text = new StringJoiner(",");
    var values = new BitSet();
    boolean interval = false;
    boolean open = false;
    int last = fieldMax(max);
    for (int items = 1 + random.nextInt(3); items > 0; items--) {
      boolean isFirst = text.length() == 0;
      int low = random.nextInt(6) == 0 ? min : min + random.nextInt(max - min + 1);
      int high = random.nextInt(6) == 0 ? last : low + random.nextInt(max - low + 1);
      int step = 1 + random.nextInt(max - min);
      boolean covers = low == min && high == last;
      switch (random.nextInt(13)) {
        case 0 -> {
          text.add("*/" + step);
          steps(values, min, last, step);
          interval = true;
          open |= isFirst;
        }
        case 1 -> {
          text.add(low + "/" + step);
          steps(values, low, last, step);
          interval = true;
          open |= isFirst && low == min;
        }
        case 2, 3 -> {
          text.add(low + "-" + high);
          steps(values, low, high, 1);
          interval |= covers;
          open |= isFirst && covers;
        }
        case 4 -> {
          text.add(low + "-" + high + "/" + step);
          steps(values, low, high, step);
          interval |= covers;
          open |= isFirst && covers;
        }
        case 5 -> {
          text.add(min + "-" + last + "/" + step);
          steps(values, min, last, step);
          interval = true;
          open |= isFirst;
        }
        default -> {
          text.add(Integer.toString(low));
          values.set(low);
        }
      }
    }
    boolean all = values.cardinality() == last - min + 1;
    return new Part(text.toString(), values, interval || all, open || all);
  }

  /** Hours are sometimes drawn from the first few, but their field is as long as ever. */
  private static int fieldMax(int max) {
    return max == 3 ? 23 : max;
  }

  private static Part star(int min, int max) {
    var values = new BitSet();
    steps(values, min, fieldMax(max), 1);
    return new Part("*", values, true, true);
  }

  private static BitSet only(int value) {
    var values = new BitSet();
    values.set(value);
    return values;
  }

  private static void steps(BitSet values, int low, int high, int step) {
    for (int value = low; value <= high; value += step) {
      values.set(value);
    }
  }

  private DayPart dayOfMonth() {
    int n = 1 + random.nextInt(28);
    return switch (random.nextInt(8)) {
      case 0 -> new DayPart("L", date -> date.plusDays(1).getDayOfMonth() == 1);
      case 1 -> new DayPart("L-" + n, date -> date.lengthOfMonth() - date.getDayOfMonth() == n);
      case 2 -> new DayPart(n + "W", date -> isNearestWeekday(date, n));
      case 3, 4 -> {
        Part part = part(1, 31);
        yield new DayPart(
            part.text(), date -> part.values().get(date.getDayOfMonth()), part.open());
      }
      case 5 -> new DayPart("?", date -> true);
      default -> new DayPart("*", date -> true);
    };
  }

  private static boolean isNearestWeekday(LocalDate date, int target) {
    LocalDate wanted = date.withDayOfMonth(target);
    int[] nearestFirst = {0, -1, 1, 2, -2};
    for (int distance : nearestFirst) {
      LocalDate candidate = wanted.plusDays(distance);
      boolean weekday = candidate.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0;
      if (weekday && candidate.getMonth() == wanted.getMonth()) {
        // A Saturday gives way to the day before it, a Sunday to the day after.
        boolean sunday = wanted.getDayOfWeek() == DayOfWeek.SUNDAY;
        if (distance != -1 || !sunday) {
          return candidate.equals(date);
        }
      }
    }
    return false;
  }

  private DayPart dayOfWeek() {
    int day = random.nextInt(7);
    int n = 1 + random.nextInt(5);
    return switch (random.nextInt(8)) {
      case 0 ->
          new DayPart(
              DAYS[day] + "#" + n,
              date -> weekday(date) == day && (date.getDayOfMonth() + 6) / 7 == n);
      case 1 ->
          new DayPart(
              day + "L",
              date -> weekday(date) == day && date.plusWeeks(1).getMonth() != date.getMonth());
      case 2 -> new DayPart(DAYS[day], date -> weekday(date) == day);
      case 3 -> {
        Part part = part(0, 6);
        yield new DayPart(part.text(), date -> part.values().get(weekday(date)), part.open());
      }
      case 4 -> new DayPart("?", date -> true);
      default -> new DayPart("*", date -> true);
    };
  }

  private static int weekday(LocalDate date) {
    return date.getDayOfWeek().getValue() % 7;
  }
}
