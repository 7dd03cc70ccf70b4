package dev.kanal.worker.lane;

import dev.kanal.common.channel.Source;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.task.Task;
import dev.kanal.worker.control.Cancels;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.report.Reporter;
import java.util.Set;

/** What the lanes of a worker share; all of it may be used from any thread. */
record LaneParts(
    Sources sources,
    Pool pool,
    RecentRuns recent,
    Runs runs,
    Cancels cancels,
    TaskRunner runner,
    Reporter reporter,
    LaneSettings settings,
    Clocks clocks,
    Arrivals arrivals,
    OwnTopics ownTopics) {

  /** Opens share consumers. */
  @FunctionalInterface
  interface Sources {
    Source<Task> open(Channel channel, Set<String> own, int maxRecords);
  }
}
