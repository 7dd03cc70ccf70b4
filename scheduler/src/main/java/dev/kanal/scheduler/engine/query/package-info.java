/**
 * Questions to the engine and what they are answered: all that the API may know of it.
 *
 * <p>{@link dev.kanal.scheduler.engine.query.JobReader} asks about jobs and shards, {@link
 * dev.kanal.scheduler.engine.query.ScheduleReader} about schedules, {@link
 * dev.kanal.scheduler.engine.query.Quarantine} about what could not be read. Answers are values,
 * and views read them off rows; for any thread. Used by the API and by who starts a scheduler.
 */
@NullMarked
package dev.kanal.scheduler.engine.query;

import org.jspecify.annotations.NullMarked;
