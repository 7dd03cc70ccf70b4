/**
 * How long it takes from the moment a job is due to be submitted until its handler starts, and
 * until its result is back.
 *
 * <p>{@link dev.kanal.bench.latency.OpenLoop} submits at a fixed rate whatever the answers do, and
 * every time is counted from when the job was due: a system that stalls is charged for all calls
 * that fell due meanwhile. Handlers and senders share the machine's wall clock.
 */
@NullMarked
package dev.kanal.bench.latency;

import org.jspecify.annotations.NullMarked;
