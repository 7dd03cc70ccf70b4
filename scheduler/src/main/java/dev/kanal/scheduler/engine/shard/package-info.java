/**
 * One partition of the log: reads it, decides, writes rows and lets effects out.
 *
 * <p>{@link dev.kanal.scheduler.engine.shard.Shard} is fed record by record by the one thread that
 * it belongs to; {@link dev.kanal.scheduler.engine.shard.Decisions} says who decides about which
 * input. What other threads may know of it stands in {@link
 * dev.kanal.scheduler.engine.shard.ShardStatus}. Knows no Kafka; used by what runs shards and by
 * those who read them.
 */
@NullMarked
package dev.kanal.scheduler.engine.shard;

import org.jspecify.annotations.NullMarked;
