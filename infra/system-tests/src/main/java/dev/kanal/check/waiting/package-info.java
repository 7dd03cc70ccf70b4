/**
 * The check of many waiting jobs: scheduled far ahead, listed, one run now, all cancelled at once.
 *
 * <p>{@link dev.kanal.check.waiting.WaitingCommand} is the command line, {@link
 * dev.kanal.check.waiting.WaitingCheck} the run behind it. Uses load, promise and server; only
 * {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.waiting;

import org.jspecify.annotations.NullMarked;
