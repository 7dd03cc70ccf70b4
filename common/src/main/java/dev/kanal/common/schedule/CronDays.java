package dev.kanal.common.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * The days on which an expression fires. Sets are bits.
 *
 * @param months bit 1 is January
 * @param ofMonth the day-of-month field
 * @param ofWeek the day-of-week field
 * @param either whether one of the two fields is enough, because both are restricted
 */
record CronDays(long months, OfMonth ofMonth, OfWeek ofWeek, boolean either) {
  /** After this many years the calendar repeats, days of the week included. */
  private static final int CYCLE_YEARS = 400;

  /**
   * @param days bit 1 is the first of the month
   * @param fromEnd bit 0 is the last day ({@code L}), bit 3 the third before it ({@code L-3})
   * @param nearest bit 15 is the weekday nearest to the 15th in its month ({@code 15W}), bit 0 the
   *     last weekday ({@code LW})
   */
  record OfMonth(long days, long fromEnd, long nearest) {
    long mask(YearMonth month) {
      int length = month.lengthOfMonth();
      long mask = days;
      for (long rest = fromEnd; rest != 0; rest &= rest - 1) {
        int day = length - Long.numberOfTrailingZeros(rest);
        mask |= day > 0 ? 1L << day : 0;
      }
      for (long rest = nearest; rest != 0; rest &= rest - 1) {
        int day = Long.numberOfTrailingZeros(rest);
        mask |= day <= length ? 1L << nearestWeekday(month, day == 0 ? length : day) : 0;
      }
      return mask;
    }

    private static int nearestWeekday(YearMonth month, int day) {
      DayOfWeek weekday = month.atDay(day).getDayOfWeek();
      if (weekday == DayOfWeek.SATURDAY) {
        return day > 1 ? day - 1 : day + 2;
      }
      if (weekday == DayOfWeek.SUNDAY) {
        return day < month.lengthOfMonth() ? day + 1 : day - 2;
      }
      return day;
    }
  }

  /**
   * @param days bit 0 is Sunday
   * @param nth bit {@code 5 × day + n - 1} is the n-th of that day in the month ({@code FRI#2})
   * @param last bit 0 is the last Sunday of the month ({@code SUNL})
   */
  record OfWeek(long days, long nth, long last) {
    static final int NTH_MAX = 5;

    long mask(YearMonth month) {
      int length = month.lengthOfMonth();
      int weekday = month.atDay(1).getDayOfWeek().getValue() % 7;
      long mask = 0;
      for (int day = 1; day <= length; day++) {
        boolean on =
            bit(days, weekday)
                || bit(nth, weekday * NTH_MAX + (day - 1) / 7)
                || (day + 7 > length && bit(last, weekday));
        mask |= on ? 1L << day : 0;
        weekday = weekday == 6 ? 0 : weekday + 1;
      }
      return mask;
    }

    private static boolean bit(long bits, int index) {
      return (bits >>> index & 1) != 0;
    }
  }

  boolean contains(LocalDate date) {
    return (months >>> date.getMonthValue() & 1) != 0
        && (mask(YearMonth.from(date)) >>> date.getDayOfMonth() & 1) != 0;
  }

  /** The first day from {@code from} on, or null if there will never be one. */
  @Nullable LocalDate next(LocalDate from) {
    YearMonth month = YearMonth.from(from);
    YearMonth end = month.plusYears(CYCLE_YEARS);
    long allowed = -1L << from.getDayOfMonth();
    while (!month.isAfter(end)) {
      if ((months >>> month.getMonthValue() & 1) != 0) {
        long mask = mask(month) & allowed;
        if (mask != 0) {
          return month.atDay(Long.numberOfTrailingZeros(mask));
        }
      }
      allowed = -1L;
      month = month.plusMonths(1);
    }
    return null;
  }

  private long mask(YearMonth month) {
    long all = (2L << month.lengthOfMonth()) - 2;
    long byMonth = ofMonth.mask(month);
    long byWeek = ofWeek.mask(month);
    return all & (either ? byMonth | byWeek : byMonth & byWeek);
  }
}
