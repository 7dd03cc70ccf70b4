/**
 * {@code check lag}: compares what schedulers report about a queue with the known truth.
 *
 * <p>{@link dev.kanal.check.lag.LagCommand} is the entry point. The truth comes from outside: jobs
 * call a server of this check, which knows which of them have begun, and lets them end one by one.
 */
@NullMarked
package dev.kanal.check.lag;

import org.jspecify.annotations.NullMarked;
