package dev.kanal.check.history;

import java.util.List;

/**
 * The jobs of one schedule, listed after it was stopped.
 *
 * @param period in microseconds
 * @param from after the schedule was made: every tick from here on must have a job
 * @param until before it was stopped: every tick up to here must have one
 */
public record Ticks(String schedule, long period, long from, long until, List<Tick> ticks) {
  public Ticks {
    ticks = List.copyOf(ticks);
  }

  /** A job and the tick it names, in microseconds. */
  public record Tick(String job, long at) {}
}
