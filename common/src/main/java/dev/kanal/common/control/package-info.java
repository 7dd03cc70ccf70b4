/**
 * The engine's messages to all workers at once, through {@code kanal.control}.
 *
 * <p>{@link dev.kanal.common.control.ControlMessage} is the vocabulary, {@link
 * dev.kanal.common.control.ControlCodec} its bytes. A message may come twice, late, or never: a
 * receiver that depends on one asks again. Immutable values, usable from any thread.
 */
@NullMarked
package dev.kanal.common.control;

import org.jspecify.annotations.NullMarked;
