/**
 * The check of reading one's own writes: a job is asked for in the next instant after its {@code
 * 202}.
 *
 * <p>{@link dev.kanal.check.reads.ReadsCommand} is the command line, {@link
 * dev.kanal.check.reads.IdProbe} the run behind it; everything happens one call after the other on
 * the command's thread. Uses promise and server; only {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.reads;

import org.jspecify.annotations.NullMarked;
