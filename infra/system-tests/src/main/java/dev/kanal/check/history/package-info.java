/**
 * What happened to the jobs of a mixed run, and whether it was as promised.
 *
 * <p>{@link dev.kanal.check.history.History} is everything that was seen from outside: jobs as
 * submitted, answers, runs as the called server saw them, jobs as they ended. {@link
 * dev.kanal.check.history.Judge} is a pure function from it to one {@code Promise} each. Times are
 * microseconds since 1970 on the clock of this machine. Uses promise only.
 */
@NullMarked
package dev.kanal.check.history;

import org.jspecify.annotations.NullMarked;
