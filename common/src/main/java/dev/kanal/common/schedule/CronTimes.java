package dev.kanal.common.schedule;

import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/** The times of day at which an expression fires: bit 0 of each set is 0. None is empty. */
record CronTimes(long seconds, long minutes, long hours) {
  LocalTime first() {
    return LocalTime.of(lowest(hours), lowest(minutes), lowest(seconds));
  }

  /** The first time from {@code from} (a whole second) on, or null if there is none that day. */
  @Nullable LocalTime next(LocalTime from) {
    int hour = from.getHour();
    if ((hours >>> hour & 1) != 0) {
      int minute = from.getMinute();
      if ((minutes >>> minute & 1) != 0) {
        long laterSeconds = seconds & -1L << from.getSecond();
        if (laterSeconds != 0) {
          return LocalTime.of(hour, minute, lowest(laterSeconds));
        }
      }
      long laterMinutes = minutes & -2L << minute;
      if (laterMinutes != 0) {
        return LocalTime.of(hour, lowest(laterMinutes), lowest(seconds));
      }
    }
    long laterHours = hours & -2L << hour;
    return laterHours == 0
        ? null
        : LocalTime.of(lowest(laterHours), lowest(minutes), lowest(seconds));
  }

  private static int lowest(long bits) {
    return Long.numberOfTrailingZeros(bits);
  }
}
