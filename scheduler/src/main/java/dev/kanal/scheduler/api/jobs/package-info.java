/**
 * The calls that take a job and that show jobs, and what other features need of jobs.
 *
 * <p>{@link dev.kanal.scheduler.api.jobs.JobRoutes} lists the calls. Others use {@link
 * dev.kanal.scheduler.api.jobs.Commands}, {@link dev.kanal.scheduler.api.jobs.JobLookup} and {@link
 * dev.kanal.scheduler.api.jobs.Intake}. A request belongs to its event loop; what several share is
 * usable from any thread. The one feature that the others may see.
 */
@NullMarked
package dev.kanal.scheduler.api.jobs;

import org.jspecify.annotations.NullMarked;
