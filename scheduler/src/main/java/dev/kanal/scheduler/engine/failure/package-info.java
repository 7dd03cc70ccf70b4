/**
 * Dead jobs by failure: which group a job is in, and what is kept of a group.
 *
 * <p>{@link dev.kanal.scheduler.engine.failure.FailureGroups} keeps the groups with each job that
 * changes; pure, on the shard's thread. Sees no other feature; used by the shard, and by those who
 * look for jobs of a failure.
 */
@NullMarked
package dev.kanal.scheduler.engine.failure;

import org.jspecify.annotations.NullMarked;
