package dev.kanal.worker.lane;

import dev.kanal.common.channel.Source;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.task.Task;
import dev.kanal.worker.report.Reporter;
import java.util.Set;

/**
 * What the lanes of a worker share; all of it may be used from any thread.
 *
 * @param leased tasks that run on after their lane let go of them
 */
record LaneParts(
    Sources sources,
    Slots slots,
    RecentRuns recent,
    TaskRunner runner,
    Reporter reporter,
    LaneSettings settings,
    Clocks clocks,
    Set<LaneTask> leased) {

  /** Opens share consumers. */
  @FunctionalInterface
  interface Sources {
    Source<Task> open(Channel channel, int maxRecords);
  }
}
