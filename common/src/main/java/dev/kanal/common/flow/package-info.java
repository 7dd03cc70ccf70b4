/**
 * What a flow is: named steps, what each needs, and what each makes.
 *
 * <p>{@link dev.kanal.common.flow.FlowSpec} is the entry point: what a user submits. {@link
 * dev.kanal.common.flow.FlowCheck} says what is wrong with one, {@link
 * dev.kanal.common.flow.FlowGraph} answers which steps depend on which. Everything here is an
 * immutable value or a function, usable from any thread; nothing does I/O or reads a clock. Used by
 * the API, which takes flows, by the engine, which runs them, and by {@code flow.plan}, which
 * decides; uses jobs' values and templates.
 */
@NullMarked
package dev.kanal.common.flow;

import org.jspecify.annotations.NullMarked;
