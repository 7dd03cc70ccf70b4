/**
 * The check of punctuality: jobs due at times spread evenly, and how late each of them starts.
 *
 * <p>{@link dev.kanal.check.lateness.LatenessCommand} is the command line, {@link
 * dev.kanal.check.lateness.LatenessCheck} the run behind it. Uses load, probe, history, promise and
 * server; only {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.lateness;

import org.jspecify.annotations.NullMarked;
