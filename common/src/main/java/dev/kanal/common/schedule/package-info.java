/**
 * When jobs of a schedule are due, and which of the due ones are submitted.
 *
 * <p>{@link dev.kanal.common.schedule.ScheduleSpec} is the entry point: what a user submits. {@link
 * dev.kanal.common.schedule.Cron} computes times, {@link dev.kanal.common.schedule.TickPlan}
 * decides what happens to the due ones. Everything here is an immutable value and may be used from
 * any thread; nothing does I/O or reads a clock.
 */
@NullMarked
package dev.kanal.common.schedule;

import org.jspecify.annotations.NullMarked;
