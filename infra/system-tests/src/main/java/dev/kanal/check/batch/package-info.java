/**
 * The bulk check: many {@code sum} jobs with known answers, and every answer looked at.
 *
 * <p>{@link dev.kanal.check.batch.BatchCommand} is the command line, {@link
 * dev.kanal.check.batch.BatchCheck} the run behind it; the command's thread does everything that
 * the load package does not hand to its own threads. Uses load, lifecycle, promise and server; only
 * {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.batch;

import org.jspecify.annotations.NullMarked;
