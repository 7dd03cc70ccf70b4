/**
 * What the calls of the API have in common: routes, conditions, headers, bodies, answers.
 *
 * <p>{@link dev.kanal.scheduler.api.http.Route} is a call, {@link
 * dev.kanal.scheduler.api.http.Answers} sends what comes of it. Everything belongs to the event
 * loop of its request; {@link dev.kanal.scheduler.api.http.Later} brings back to it what other
 * threads complete. Knows no feature; every feature uses it.
 */
@NullMarked
package dev.kanal.scheduler.api.http;

import org.jspecify.annotations.NullMarked;
