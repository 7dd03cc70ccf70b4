/**
 * The calls about schedules.
 *
 * <p>{@link dev.kanal.scheduler.api.schedules.ScheduleRoutes} is the entry point; the owner of a
 * schedule's shard answers. A request belongs to its event loop; changes are made in the thread
 * that completes what they wait for. Sees no feature but jobs; only the server uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.schedules;

import org.jspecify.annotations.NullMarked;
