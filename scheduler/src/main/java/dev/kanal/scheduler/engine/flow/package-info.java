/**
 * A flow in its home shard: its definition, where it stands, its steps and what became of their
 * members.
 *
 * <p>{@link dev.kanal.scheduler.engine.flow.FlowDecisions} is the entry point. What follows from an
 * event of a flow is decided by {@link dev.kanal.common.flow.plan.FlowPlan}; here that is done to
 * rows, a bounded part in each turn. Belongs to its shard's thread; used by what runs a shard and
 * by what reads flows.
 */
@NullMarked
package dev.kanal.scheduler.engine.flow;

import org.jspecify.annotations.NullMarked;
