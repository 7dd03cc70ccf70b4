/**
 * What other processes know about this worker, and this worker about others.
 *
 * <p>{@link dev.kanal.worker.presence.RunTally} counts what runs and how it ends; {@link
 * dev.kanal.worker.presence.Reports} makes the worker's report of it, which {@link
 * dev.kanal.worker.presence.Presence} sends to {@code kanal.workers} every few seconds, and reads
 * those of others there. {@link dev.kanal.worker.presence.WorkerHttpServer} is the small HTTP port
 * of a worker that runs by itself. All of it may be used from any thread.
 */
@NullMarked
package dev.kanal.worker.presence;

import org.jspecify.annotations.NullMarked;
