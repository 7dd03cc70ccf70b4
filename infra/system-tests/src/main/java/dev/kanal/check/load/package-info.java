/**
 * Submits many jobs with known answers and waits for each, through crashes of the server.
 *
 * <p>{@link dev.kanal.check.load.Submitter} and {@link dev.kanal.check.load.Awaiter} do the work,
 * each on virtual threads that end before its call returns; {@link
 * dev.kanal.check.load.ChunkSettlement} and {@link dev.kanal.check.load.JobVerdict} decide what an
 * answer means, as pure functions. A new kind of job implements {@link
 * dev.kanal.check.load.JobSource}. Uses the server package and the promises.
 */
@NullMarked
package dev.kanal.check.load;

import org.jspecify.annotations.NullMarked;
