/**
 * What the engine sends to workers: which runs are cancelled, its answers to workers that ask,
 * which queues are paused.
 *
 * <p>{@link dev.kanal.worker.control.ControlReader} is the entry point and the one thread that
 * reads; {@link dev.kanal.worker.control.Cancels} and {@link dev.kanal.worker.control.QueueNotes}
 * remember and may be asked from any thread. Lanes and the worker depend on this package; it knows
 * neither.
 */
@NullMarked
package dev.kanal.worker.control;

import org.jspecify.annotations.NullMarked;
