/**
 * Schedules: their rows, what they were and will be, and the jobs that they submit.
 *
 * <p>{@link dev.kanal.scheduler.engine.schedule.ScheduleDecisions} decides; pure, on the shard's
 * thread. Sees no other feature; used by the shard and by those who read schedules.
 */
@NullMarked
package dev.kanal.scheduler.engine.schedule;

import org.jspecify.annotations.NullMarked;
