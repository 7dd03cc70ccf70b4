/**
 * What handlers log, in rows of the job's shard.
 *
 * <p>{@link dev.kanal.scheduler.engine.joblog.LogDecisions} takes lines and forgets those of a job
 * that goes; pure, on the shard's thread. Sees no other feature; used by the shard and by those who
 * read logs.
 */
@NullMarked
package dev.kanal.scheduler.engine.joblog;

import org.jspecify.annotations.NullMarked;
