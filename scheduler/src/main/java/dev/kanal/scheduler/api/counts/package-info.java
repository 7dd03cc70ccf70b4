/**
 * What waits and what runs, on all nodes together, now and over time.
 *
 * <p>{@link dev.kanal.scheduler.api.counts.QueueCounts} asks, {@link
 * dev.kanal.scheduler.api.counts.LagSampler} does so once a second and keeps what it sees, {@link
 * dev.kanal.scheduler.api.counts.Findings} and {@link dev.kanal.scheduler.api.counts.ScalingRule}
 * conclude. Usable from any thread where a class says so; else values. Knows no requests; used by
 * the features that show queues and jobs, and for the capacity of queues.
 */
@NullMarked
package dev.kanal.scheduler.api.counts;

import org.jspecify.annotations.NullMarked;
