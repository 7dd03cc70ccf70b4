package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.telemetry.BoundedNames;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Meters.Observed;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.scheduler.engine.measure.EngineMetrics;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.read.LocalShards;
import dev.kanal.scheduler.engine.read.QueueReads;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the shards of this node stand, for those who look at metrics. Their logs' ends are asked for
 * once a second by a thread of its own; everything else is read when somebody looks.
 */
public final class EngineGauges implements AutoCloseable {
  static final Duration EVERY = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(EngineGauges.class);
  private static final double SECOND_MS = 1_000;
  private final Meters meters;
  private final LocalShards shards;
  private final EngineMetrics metrics;
  private final InstantSource clock;
  private final BoundedNames queues = new BoundedNames();
  private final BoundedNames channels = new BoundedNames();
  private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
  private final Housekeeper asking =
      new Housekeeper(
          "kanal-engine-gauges",
          "ask for the ends of logs",
          Duration.ZERO,
          EVERY,
          this::askForEnds);

  public EngineGauges(
      Meters meters, LocalShards shards, EngineMetrics metrics, InstantSource clock) {
    this.meters = meters;
    this.shards = shards;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Begins.
   *
   * @param storeBytes on the disk
   */
  public void start(LongSupplier storeBytes) {
    meters.observe(Metric.ENGINE_BEHIND, seen -> seen.put((long) shards.behind().size()));
    meters.observe(Metric.ENGINE_RECORDS, this::records);
    meters.observe(Metric.ENGINE_LAG, this::lag);
    meters.observe(Metric.ENGINE_STORE, seen -> seen.put(storeBytes.getAsLong()));
    meters.observe(Metric.QUEUE_LAG, seen -> lags(seen, queues, false));
    meters.observe(Metric.CHANNEL_LENGTH, seen -> lags(seen, channels, true));
    meters.observe(Metric.QUEUE_AGE, this::age);
    meters.observe(Metric.QUEUE_JOBS, this::jobs);
    meters.observe(Metric.QUEUE_BLOCKED, seen -> blocked(seen, false));
    meters.observe(Metric.QUEUE_BLOCKED_AGE, seen -> blocked(seen, true));
    meters.observe(Metric.CHANNEL_SENT, seen -> counts(seen, metrics.sent()));
    meters.observe(Metric.CHANNEL_SEND_FAILURES, seen -> counts(seen, metrics.unsent()));
    asking.start();
  }

  @Override
  public void close() {
    asking.close();
    meters.close();
  }

  private void askForEnds() {
    ends.keySet().retainAll(shards.all().keySet());
    for (Integer shard : shards.all().keySet()) {
      var _ =
          shards
              .logEnds()
              .of(shard)
              .whenComplete(
                  (end, failure) -> {
                    if (failure == null) {
                      ends.put(shard, end);
                    }
                  });
    }
  }

  private void records(Observed seen) {
    shards
        .all()
        .forEach((shard, status) -> seen.put(status.applied() + 1.0, Integer.toString(shard)));
  }

  private void lag(Observed seen) {
    shards
        .all()
        .forEach(
            (shard, status) -> {
              Long end = ends.get(shard);
              if (end != null) {
                seen.put(Math.max(0, end - 1 - status.applied()), Integer.toString(shard));
              }
            });
  }

  private void lags(Observed seen, BoundedNames names, boolean asChannels) {
    Map<List<String>, Long> sums = new HashMap<>();
    for (QueueCount count : counts()) {
      count
          .lanes()
          .forEach(
              (priority, jobs) ->
                  sums.merge(labels(count.queue(), priority, names, asChannels), jobs, Long::sum));
    }
    sums.forEach((labels, jobs) -> seen.put(jobs, labels.toArray(String[]::new)));
  }

  private static List<String> labels(
      String queue, Priority priority, BoundedNames names, boolean asChannels) {
    return asChannels
        ? List.of(names.of(EngineMetrics.channelName(queue, priority)))
        : List.of(names.of(queue), priority.text());
  }

  private void age(Observed seen) {
    Map<String, Long> oldest = new HashMap<>();
    long now = clock.millis();
    for (QueueCount count : counts()) {
      long since = count.oldestQueuedEpochMs() == 0 ? now : count.oldestQueuedEpochMs();
      oldest.merge(queues.of(count.queue()), since, Math::min);
    }
    oldest.forEach((queue, since) -> seen.put(Math.max(0, now - since) / SECOND_MS, queue));
  }

  private void jobs(Observed seen) {
    Map<List<String>, Long> sums = new HashMap<>();
    for (QueueCount count : counts()) {
      String queue = queues.of(count.queue());
      for (JobState state : JobState.values()) {
        sums.merge(List.of(queue, state.name()), count.of(state), Long::sum);
      }
    }
    sums.forEach((labels, jobs) -> seen.put(jobs, labels.toArray(String[]::new)));
  }

  private void blocked(Observed seen, boolean aged) {
    Map<List<String>, Blocked> sums = new HashMap<>();
    for (QueueCount count : counts()) {
      String queue = queues.of(count.queue());
      count
          .blocked()
          .forEach((cause, jobs) -> sums.merge(List.of(queue, cause.text()), jobs, Blocked::plus));
    }
    long now = clock.millis();
    sums.forEach(
        (labels, each) -> {
          String[] texts = labels.toArray(String[]::new);
          if (aged) {
            long since = each.sinceEpochMs() == 0 ? now : each.sinceEpochMs();
            seen.put(Math.max(0, now - since) / SECOND_MS, texts);
          } else {
            seen.put(each.jobs(), texts);
          }
        });
  }

  private void counts(Observed seen, Map<Channel, LongAdder> byChannel) {
    Map<String, Long> sums = new HashMap<>();
    byChannel.forEach(
        (channel, count) ->
            sums.merge(
                channels.of(EngineMetrics.channelName(channel.queue(), channel.priority())),
                count.sum(),
                Long::sum));
    sums.forEach((channel, count) -> seen.put(count, channel));
  }

  /** A shard that is just leaving is left out. */
  private List<QueueCount> counts() {
    List<QueueCount> all = new ArrayList<>();
    for (ShardStatus shard : shards.all().values()) {
      try {
        all.addAll(QueueReads.counts(shard));
      } catch (InvalidStateStoreException e) {
        log.debug("Shard {} cannot be looked at now", shard.number(), e);
      }
    }
    return all;
  }
}
