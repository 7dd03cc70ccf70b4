package dev.kanal.scheduler.engine;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.Shards;
import java.util.concurrent.ConcurrentMap;

/**
 * What the shards of a node share.
 *
 * @param homes where queues and schedules live
 * @param shards that are on this node now
 * @param ticks to these shards
 */
record EngineParts(
    Decider decider,
    EngineRules rules,
    EngineTargets targets,
    Dispatcher dispatcher,
    CommitBarrier barrier,
    Shards homes,
    LogEnds logEnds,
    ConcurrentMap<Integer, ShardStatus> shards,
    TickLoop ticks,
    Ticker ticker,
    EngineMetrics metrics,
    JobTracer tracer) {}
