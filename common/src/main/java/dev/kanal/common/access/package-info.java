/**
 * What Kanal's processes need to be allowed to do in a Kafka with authentication.
 *
 * <p>{@link dev.kanal.common.access.Needs} lists it, for each role; {@code docs/OPERATIONS.md}
 * holds the same list. {@link dev.kanal.common.access.AccessCheck} asks a cluster which of it is
 * refused, {@link dev.kanal.common.access.Refusal} reads refusals that come later; {@link
 * dev.kanal.common.access.BrokerProbe} checks whether there are brokers at all. Immutable values,
 * usable from any thread; only check and probe block. Every module may use it.
 */
@NullMarked
package dev.kanal.common.access;

import org.jspecify.annotations.NullMarked;
