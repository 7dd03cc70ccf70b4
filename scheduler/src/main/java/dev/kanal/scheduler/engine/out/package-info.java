/**
 * The way out of a shard: tasks, ticks, entries for other shards.
 *
 * <p>{@link dev.kanal.scheduler.engine.out.Dispatcher} sends tasks, and {@link
 * dev.kanal.scheduler.engine.out.CommitBarrier} holds a commit back until they have arrived; {@link
 * dev.kanal.scheduler.engine.out.Relay} and {@link dev.kanal.scheduler.engine.out.TickLoop} append
 * to logs. {@link dev.kanal.scheduler.engine.out.EngineOutputs} is what all of that goes to. Each
 * class says which threads may call it; used by what runs shards, and by who starts a scheduler.
 */
@NullMarked
package dev.kanal.scheduler.engine.out;

import org.jspecify.annotations.NullMarked;
