/**
 * Lanes: how a worker gets its tasks. A lane is one share consumer and the one thread that owns it;
 * it reserves slots, receives a batch, starts every task of it on a virtual thread of its own, and
 * settles each record once Kafka has the task's outcome or lease.
 *
 * <p>{@link dev.kanal.worker.lane.Lanes} is the entry point. How a task is run is left to the
 * {@link dev.kanal.worker.lane.TaskRunner}. Only the worker depends on this package, and {@code
 * worker.lost}.
 */
@NullMarked
package dev.kanal.worker.lane;

import org.jspecify.annotations.NullMarked;
