/**
 * The calls about queues: their settings, their state, their past, and how many workers they want.
 *
 * <p>{@link dev.kanal.scheduler.api.queues.QueueRoutes} is the entry point. A request belongs to
 * its event loop; changes of one queue are made one after the other by the owner of its home shard,
 * each on a virtual thread of its own. Sees no other feature; only the server uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.queues;

import org.jspecify.annotations.NullMarked;
