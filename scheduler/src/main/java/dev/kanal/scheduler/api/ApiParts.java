package dev.kanal.scheduler.api;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.config.UiConfig;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.scheduler.api.operate.KafkaAddress;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import dev.kanal.scheduler.workers.WorkerDirectory;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What the API works with.
 *
 * @param log takes commands; never blocks
 * @param reader answers about jobs
 * @param schedules answers about schedules
 * @param flows answers about flows
 * @param quarantine answers about what could not be read
 * @param queues makes queues ready
 * @param workers knows workers
 * @param clock of this node, for ids and for checks of deadlines
 * @param ticker monotonic nanoseconds, for time spans
 * @param random for shards and ids; usable from several threads
 * @param kafka named in the answer of {@code /readyz}
 * @param ui what the dashboard may do
 * @param telemetry takes spans and metrics
 * @param reach says whether Kafka can be reached
 */
public record ApiParts(
    Sink<ToShard> log,
    JobReader reader,
    ScheduleReader schedules,
    FlowReader flows,
    Quarantine quarantine,
    QueueDirectory queues,
    WorkerDirectory workers,
    InstantSource clock,
    Ticker ticker,
    RandomGenerator random,
    KafkaAddress kafka,
    UiConfig ui,
    Telemetry telemetry,
    KafkaReach reach) {}
