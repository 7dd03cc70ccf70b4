/**
 * {@code check lag}: holds what schedulers say of a queue against what is known to be true of it.
 *
 * <p>{@link dev.kanal.check.lag.LagCommand} is the entry point. The truth comes from outside: jobs
 * call a server of this check, which knows which of them have begun, and lets them end one by one.
 */
@NullMarked
package dev.kanal.check.lag;

import org.jspecify.annotations.NullMarked;
