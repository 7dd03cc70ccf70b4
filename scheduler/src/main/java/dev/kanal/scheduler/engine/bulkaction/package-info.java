/**
 * Bulk actions on the jobs that a filter means, and the look through a shard's jobs for them.
 *
 * <p>{@link dev.kanal.scheduler.engine.bulkaction.BulkActionDecisions} takes actions, {@link
 * dev.kanal.scheduler.engine.bulkaction.BulkActionWalk} goes through the jobs step by step; pure,
 * on the shard's thread. {@link dev.kanal.scheduler.engine.bulkaction.JobScan} serves lists, too,
 * on a thread of its own each. Of the other features it sees failures alone, which a filter may
 * name.
 */
@NullMarked
package dev.kanal.scheduler.engine.bulkaction;

import org.jspecify.annotations.NullMarked;
