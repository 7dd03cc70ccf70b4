/**
 * A worker, and what users write for it: the public API of this module.
 *
 * <p>{@link dev.kanal.worker.Worker} is the entry point. A {@link dev.kanal.worker.Handler} runs on
 * a virtual thread of its own for every attempt, with a {@link dev.kanal.worker.Context} as
 * argument and in scope; it may block. The packages below this one are not API, but for {@code
 * testing}; of this package only the worker, its builder and {@code Context.current} use them.
 */
@NullMarked
package dev.kanal.worker;

import org.jspecify.annotations.NullMarked;
