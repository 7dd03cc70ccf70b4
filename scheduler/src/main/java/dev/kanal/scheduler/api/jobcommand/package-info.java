/**
 * The calls that change one job: cancel, retry, reschedule, run now, complete, delete.
 *
 * <p>{@link dev.kanal.scheduler.api.jobcommand.JobCommandRoutes} is the entry point. A request
 * belongs to its event loop, what it asks for is done on a virtual thread of its own. Sees no
 * feature but jobs; only the server uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.jobcommand;

import org.jspecify.annotations.NullMarked;
