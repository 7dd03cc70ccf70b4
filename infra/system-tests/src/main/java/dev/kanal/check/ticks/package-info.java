/**
 * The check of a schedule that ticks every second: one job for each second, whichever process dies
 * meanwhile.
 *
 * <p>{@link dev.kanal.check.ticks.CronCommand} is the command line, {@link
 * dev.kanal.check.ticks.CronCheck} the run behind it. Uses mixed, cluster, probe, history, promise
 * and server; only {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.ticks;

import org.jspecify.annotations.NullMarked;
