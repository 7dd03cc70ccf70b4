/**
 * Whether what a call wants may be written yet: while schedulers of two releases work side by side,
 * the older ones could not read it.
 *
 * <p>{@link dev.kanal.scheduler.api.format.LogFormats} is the entry point; usable from any thread,
 * but for what waits, which belongs on a call's own. Asks other nodes; knows no feature, and every
 * feature may use it.
 */
@NullMarked
package dev.kanal.scheduler.api.format;

import org.jspecify.annotations.NullMarked;
