/**
 * The words of a job: its id, what was asked for, its states, and how an attempt ended.
 *
 * <p>Everything here is an immutable value and may be used from any thread. {@link
 * dev.kanal.common.job.JobSpec} is the entry point: what a user submits. Nothing in this package
 * does I/O or reads a clock; it may be used by every module, and uses the JDK and {@code
 * dev.kanal.common.context} only.
 */
@NullMarked
package dev.kanal.common.job;

import org.jspecify.annotations.NullMarked;
