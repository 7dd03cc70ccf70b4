/**
 * The check of idempotency keys: many submissions of one job at once, and only one job.
 *
 * <p>{@link dev.kanal.check.idempotency.IdempotencyCommand} is the command line, {@link
 * dev.kanal.check.idempotency.IdempotencyCheck} the run behind it; each call has a virtual thread.
 * Uses cluster, load, promise and server; only {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.idempotency;

import org.jspecify.annotations.NullMarked;
