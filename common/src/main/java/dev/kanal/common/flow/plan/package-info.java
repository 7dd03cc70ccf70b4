/**
 * What becomes of a flow: decided step by step, from counters and never from lists of members.
 *
 * <p>{@link dev.kanal.common.flow.plan.FlowPlan} is the entry point: from where a flow stands and
 * what has happened it makes where the flow stands now and what is to be done. Functions and
 * immutable values, usable from any thread; nothing does I/O, reads a clock or remembers. Used by
 * the engine; uses the definitions of flows.
 */
@NullMarked
package dev.kanal.common.flow.plan;

import org.jspecify.annotations.NullMarked;
