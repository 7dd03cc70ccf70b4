/**
 * The check of bulk retries: many dead jobs, retried by filter to the end, and a second time with a
 * stop half-way.
 *
 * <p>{@link dev.kanal.check.retry.RetryCommand} is the command line, {@link
 * dev.kanal.check.retry.RetryCheck} the run behind it. Uses load, promise and server; only {@code
 * CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.retry;

import org.jspecify.annotations.NullMarked;
