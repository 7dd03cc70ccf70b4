/**
 * What runs a handler: its registration, its attempts, their payloads, results, children and logs.
 *
 * <p>{@link dev.kanal.worker.run.HandlerRunner} is the entry point: lanes hand it tasks, and it
 * starts an {@link dev.kanal.worker.run.Attempt} for each on a virtual thread of its own. One
 * thread watches over the time of all attempts; each class says which of its methods that thread
 * calls. Only the worker, its builder, {@code Context.current} and the tester of handlers use this
 * package.
 */
@NullMarked
package dev.kanal.worker.run;

import org.jspecify.annotations.NullMarked;
