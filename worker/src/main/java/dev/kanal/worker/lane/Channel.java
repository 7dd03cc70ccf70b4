package dev.kanal.worker.lane;

import dev.kanal.common.job.Priority;

/** One queue's tasks of one priority. */
public record Channel(String queue, Priority priority) {
  /** How many lanes of a worker read it. */
  int lanes() {
    return priority == Priority.NORMAL ? 2 : 1;
  }

  @Override
  public String toString() {
    return queue + "." + priority.text();
  }
}
