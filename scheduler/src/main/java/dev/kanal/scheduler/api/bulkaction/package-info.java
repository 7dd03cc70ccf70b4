/**
 * The calls about many jobs at once: orders, how far they are, and their stop.
 *
 * <p>{@link dev.kanal.scheduler.api.bulkaction.BulkActionRoutes} is the entry point. A request
 * belongs to its event loop, orders and stops are given on virtual threads. Sees no feature but
 * jobs; only the server uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.bulkaction;

import org.jspecify.annotations.NullMarked;
