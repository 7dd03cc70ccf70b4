/**
 * What becomes of a job: by command, by outcome, by lease, by its queue, its key and its type.
 *
 * <p>Every change of a job's state goes through {@link dev.kanal.scheduler.engine.job.Transitions},
 * every task that is sent through {@link dev.kanal.scheduler.engine.job.Gates}. Pure functions of a
 * step; belongs to the shard's thread. Sees no other feature; used by the shard that calls it.
 */
@NullMarked
package dev.kanal.scheduler.engine.job;

import org.jspecify.annotations.NullMarked;
