/**
 * Many queues in one process: made in bursts, each with a first job after a pause, then idle.
 * {@link dev.kanal.bench.queues.Queues} has the benchmark.
 */
@NullMarked
package dev.kanal.bench.queues;

import org.jspecify.annotations.NullMarked;
