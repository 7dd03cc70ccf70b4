/**
 * Why a job waits, and how many are blocked by what.
 *
 * <p>{@link dev.kanal.scheduler.engine.waiting.Waiting} reads it off the rows for one job, {@link
 * dev.kanal.scheduler.engine.waiting.BlockedReads} and {@link
 * dev.kanal.scheduler.engine.waiting.UnhandledReads} for a queue. Pure; for any thread. Used by
 * those who read for others.
 */
@NullMarked
package dev.kanal.scheduler.engine.waiting;

import org.jspecify.annotations.NullMarked;
