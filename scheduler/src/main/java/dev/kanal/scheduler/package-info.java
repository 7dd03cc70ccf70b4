/**
 * A scheduler node: the engine's shards, the queues' topics and the API, put together.
 *
 * <p>{@link dev.kanal.scheduler.Scheduler} is the entry point. Starting and closing block; both may
 * be called from any thread. Used by who runs a scheduler, never by a worker.
 */
@NullMarked
package dev.kanal.scheduler;

import org.jspecify.annotations.NullMarked;
