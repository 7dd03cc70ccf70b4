/**
 * The calls that stream events, of one job or of all, from all nodes.
 *
 * <p>{@link dev.kanal.scheduler.api.events.EventRoutes} is the entry point. A stream belongs to the
 * event loop of its request. Sees no other feature; only the server uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.events;

import org.jspecify.annotations.NullMarked;
