/**
 * The engine: the only writer of job state, one shard a partition of {@code kanal.log}.
 *
 * <p>{@link dev.kanal.scheduler.engine.streams.Engine} puts all together and runs the shards of
 * this node on Kafka Streams; a shard's state is a pure function of its log's prefix, decided by
 * one stream thread. Other threads ask through {@link dev.kanal.scheduler.engine.query.JobReader}
 * and never change anything but by appending to the log. Used by who starts a scheduler.
 */
@NullMarked
package dev.kanal.scheduler.engine.streams;

import org.jspecify.annotations.NullMarked;
