package dev.kanal.worker.lane;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Source;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.task.Task;
import dev.kanal.worker.control.Cancels;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.report.Reporter;
import java.util.Set;
import java.util.function.BooleanSupplier;

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
    OwnTopics ownTopics,
    BooleanSupplier kafkaAway) {
  static LaneParts of(Lanes.Needs needs, Pool pool, LaneSettings settings) {
    var recent = new RecentRuns(needs.clocks().ticker(), RecentRuns.MAX);
    return new LaneParts(
        needs.sources()::open,
        pool,
        recent,
        new Runs(needs.reporter(), recent, needs.clocks()),
        needs.cancels(),
        needs.runner(),
        needs.reporter(),
        settings,
        needs.clocks(),
        new Arrivals(needs.clocks().ticker()),
        new OwnTopics(),
        needs.kafkaAway());
  }

  /** Whether to take no tasks for now, since Kafka accepts no outcomes. */
  boolean stalled() {
    return reporter.stalledFor().compareTo(settings.stallMax()) > 0;
  }

  /** Opens share consumers. */
  @FunctionalInterface
  interface Sources {
    Source<Task> open(Channel channel, Set<String> own, int maxRecords);
  }
}
