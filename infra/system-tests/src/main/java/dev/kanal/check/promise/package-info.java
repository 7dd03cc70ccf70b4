/**
 * The promises that a check has looked at, and what it found.
 *
 * <p>A {@link dev.kanal.check.promise.PromiseTally} counts one promise from any thread; a {@link
 * dev.kanal.check.promise.Verdict} is the table of all of them and decides whether the check
 * passed. Knows neither REST nor Kafka, and uses no other package of the checks.
 */
@NullMarked
package dev.kanal.check.promise;

import org.jspecify.annotations.NullMarked;
