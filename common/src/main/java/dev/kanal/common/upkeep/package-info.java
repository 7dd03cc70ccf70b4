/**
 * What is done again: at intervals, by a {@link dev.kanal.common.upkeep.Housekeeper} on a thread of
 * its own, or once more after a failure, by a {@link dev.kanal.common.upkeep.Resend} without one.
 *
 * <p>Both may be closed from any thread, and more than once. For every module; they use nothing of
 * ours.
 */
@NullMarked
package dev.kanal.common.upkeep;

import org.jspecify.annotations.NullMarked;
