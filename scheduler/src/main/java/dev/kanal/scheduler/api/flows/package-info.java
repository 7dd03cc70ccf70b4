/**
 * Flows as clients write them: the definition of a flow in JSON.
 *
 * <p>{@link dev.kanal.scheduler.api.flows.FlowParser} is the entry point for what comes, {@link
 * dev.kanal.scheduler.api.flows.FlowWriter} writes. Both may be used from any thread, what is read
 * belongs to one. Sees no feature of the API.
 */
@NullMarked
package dev.kanal.scheduler.api.flows;

import org.jspecify.annotations.NullMarked;
