/**
 * The calls about schedules.
 *
 * <p>{@link dev.kanal.scheduler.api.schedules.ScheduleRoutes} is the entry point; the owner of a
 * schedule's shard answers. A request belongs to its event loop, a change is made on a virtual
 * thread of its own. Sees no feature but jobs; only the server uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.schedules;

import org.jspecify.annotations.NullMarked;
