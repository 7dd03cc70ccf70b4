/**
 * What a request passes before a feature sees it.
 *
 * <p>{@link dev.kanal.scheduler.api.door.Routes} puts it together: connections, tracing, metering,
 * the checks of origin, rate and waiting, and the guard of each route. Everything belongs to the
 * event loop of its request, what is counted for all of them is safe for any thread. {@link
 * dev.kanal.scheduler.api.door.CallThreads} runs calls that change something. Used by the server,
 * and by features for these threads and for the places that clients share.
 */
@NullMarked
package dev.kanal.scheduler.api.door;

import org.jspecify.annotations.NullMarked;
