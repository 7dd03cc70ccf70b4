/**
 * Answers questions to this node's shards.
 *
 * <p>{@link dev.kanal.scheduler.engine.read.LocalJobReader} and {@link
 * dev.kanal.scheduler.engine.read.LocalScheduleReader} read stores on virtual threads of their own,
 * and wait until a shard has read what must be known to it. For any thread; changes nothing. Used
 * by the engine that hands them out, and by its upkeep.
 */
@NullMarked
package dev.kanal.scheduler.engine.read;

import org.jspecify.annotations.NullMarked;
