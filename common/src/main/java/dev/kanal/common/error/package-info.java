/**
 * What can go wrong, as a closed list.
 *
 * <p>{@link dev.kanal.common.error.ErrorCode} is all there is; {@link
 * dev.kanal.common.error.KanalException} carries one where a fault travels as an exception, and
 * {@link dev.kanal.common.error.Invariant} is for what must not happen. {@code docs/ERRORS.md} is
 * made from the list. Immutable, usable from any thread; may be used by every module and uses
 * nothing but the JDK.
 */
@NullMarked
package dev.kanal.common.error;

import org.jspecify.annotations.NullMarked;
