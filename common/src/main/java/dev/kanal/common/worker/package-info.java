/**
 * The workers' reports about themselves, through {@code kanal.workers}.
 *
 * <p>{@link dev.kanal.common.worker.WorkerReport} is one worker at one time, {@link
 * dev.kanal.common.worker.WorkerRecords} its record. {@link dev.kanal.common.worker.WorkerFeed}
 * reads the topic into {@link dev.kanal.common.worker.KnownWorkers}, on schedulers and on workers.
 * A worker that has not been heard from for a while is gone.
 */
@NullMarked
package dev.kanal.common.worker;

import org.jspecify.annotations.NullMarked;
