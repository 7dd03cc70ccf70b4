/**
 * The spans of a worker: what a job waited for, the run of its handler, and the report of its
 * outcome.
 *
 * <p>{@link dev.kanal.worker.trace.TaskTracer} is the entry point. All spans of an attempt stand
 * below the span with which its job came, or in a trace of their own if the job has waited for
 * long. Knows nothing of handlers; usable from any thread.
 */
@NullMarked
package dev.kanal.worker.trace;

import org.jspecify.annotations.NullMarked;
