package dev.kanal.common.channel;

import dev.kanal.common.job.Priority;

/** One queue's tasks of one priority. */
public record Channel(String queue, Priority priority) {
  @Override
  public String toString() {
    return queue + "." + priority.text();
  }
}
