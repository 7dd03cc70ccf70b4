/**
 * What Kanal's processes may have to do in a Kafka that asks who they are.
 *
 * <p>{@link dev.kanal.common.access.Needs} lists it, for each role; {@code docs/OPERATIONS.md}
 * holds the same list. {@link dev.kanal.common.access.AccessCheck} asks a cluster what of it is
 * refused, {@link dev.kanal.common.access.Refusal} reads refusals that come later; {@link
 * dev.kanal.common.access.BrokerProbe} looks whether there are brokers at all. Immutable values,
 * usable from any thread; only check and probe block. Every module may use it.
 */
@NullMarked
package dev.kanal.common.access;

import org.jspecify.annotations.NullMarked;
