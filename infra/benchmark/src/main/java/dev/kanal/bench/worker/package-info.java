/**
 * How fast tasks that wait in a topic are run and their outcomes reported.
 *
 * <p>{@link dev.kanal.bench.worker.WorkerTrial} gives every contender the same broker, topics of
 * the same form, and the same handler; a contender is a {@link dev.kanal.bench.worker.Crew} that
 * works a topic off.
 */
@NullMarked
package dev.kanal.bench.worker;

import org.jspecify.annotations.NullMarked;
