/**
 * What travels with a job: its place in a trace, and the values of its baggage.
 *
 * <p>{@link dev.kanal.common.context.TraceContext} is the entry point. All types are immutable; any
 * module may use them, and they use nothing of ours.
 */
@NullMarked
package dev.kanal.common.context;

import org.jspecify.annotations.NullMarked;
