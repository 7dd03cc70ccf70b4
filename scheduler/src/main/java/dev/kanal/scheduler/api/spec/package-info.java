/**
 * Jobs as clients write them: a job, its retries and its retention in JSON.
 *
 * <p>{@link dev.kanal.scheduler.api.spec.JobParser} is the entry point for what comes, {@link
 * dev.kanal.scheduler.api.spec.SpecWriter} writes. The parser may be used from any thread, what it
 * reads belongs to one. Used by the features that take jobs: alone, in bulk, by a schedule, and by
 * the defaults of queues.
 */
@NullMarked
package dev.kanal.scheduler.api.spec;

import org.jspecify.annotations.NullMarked;
