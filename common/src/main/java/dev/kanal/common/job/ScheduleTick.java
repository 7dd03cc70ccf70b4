package dev.kanal.common.job;

import java.time.Instant;

/**
 * The tick of a schedule that made a job.
 *
 * @param schedule 1 to {@link #NAME_MAX} characters, without U+0000
 * @param tick when the schedule said that it is time
 */
public record ScheduleTick(String schedule, Instant tick) {
  /** Longest name of a schedule, in characters. */
  public static final int NAME_MAX = 128;

  public ScheduleTick {
    Texts.check("schedule", schedule, NAME_MAX);
  }
}
