/**
 * What is done beside deciding, each by a housekeeper of its own: lost tasks are noticed, topics
 * trimmed, abandoned transactions ended, shards informed of workers' types, gauges read.
 *
 * <p>The housekeepers are started and closed by the engine, their only user. What one of them has
 * to say to a shard it appends to the shard's log.
 */
@NullMarked
package dev.kanal.scheduler.engine.upkeep;

import org.jspecify.annotations.NullMarked;
