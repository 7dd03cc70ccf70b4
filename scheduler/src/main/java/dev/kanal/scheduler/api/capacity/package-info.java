/**
 * Keeps queues within their capacity.
 *
 * <p>{@link dev.kanal.scheduler.api.capacity.Admission} is the entry point: it lets a job into its
 * queue, makes it wait for a place, or does not. Usable from any thread. Used by what takes jobs.
 */
@NullMarked
package dev.kanal.scheduler.api.capacity;

import org.jspecify.annotations.NullMarked;
