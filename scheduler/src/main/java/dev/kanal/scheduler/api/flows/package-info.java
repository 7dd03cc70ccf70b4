/**
 * Flows: their submit, how they stand, commands to them, items for their steps, and their
 * definition in JSON.
 *
 * <p>{@link dev.kanal.scheduler.api.flows.FlowRoutes} lists the calls. {@link
 * dev.kanal.scheduler.api.flows.FlowParser} reads definitions and {@link
 * dev.kanal.scheduler.api.flows.FlowWriter} writes them; both may be used from any thread, what is
 * read belongs to one. Of the features of the API it sees jobs.
 */
@NullMarked
package dev.kanal.scheduler.api.flows;

import org.jspecify.annotations.NullMarked;
