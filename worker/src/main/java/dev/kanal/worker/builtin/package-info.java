/**
 * The handlers that every worker has: {@code echo}, {@code sleep}, {@code sum} and {@code http}.
 *
 * <p>They are found like any user's, by {@link java.util.ServiceLoader}, and use nothing of the
 * worker but its public API. Each may serve many attempts at once. Nothing depends on this package.
 */
@NullMarked
package dev.kanal.worker.builtin;

import org.jspecify.annotations.NullMarked;
