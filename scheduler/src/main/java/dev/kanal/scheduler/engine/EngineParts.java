package dev.kanal.scheduler.engine;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.ToShard;
import java.util.concurrent.ConcurrentMap;

/**
 * What the shards of a node share.
 *
 * @param shards that are on this node now
 */
record EngineParts(
    Decider decider,
    EngineRules rules,
    Dispatcher dispatcher,
    CommitBarrier barrier,
    Sink<ToShard> shardLog,
    LogEnds logEnds,
    ConcurrentMap<Integer, ShardStatus> shards,
    Ticker ticker) {}
