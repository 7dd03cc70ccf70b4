/**
 * What a client gets when its request is refused.
 *
 * <p>{@link dev.kanal.scheduler.api.problem.Problem} is the entry point: a code, a text, the fields
 * that are wrong and when to try again, as RFC 9457 has it. Values without threads. The ground
 * floor: every room of the API may use it, and it uses none.
 */
@NullMarked
package dev.kanal.scheduler.api.problem;

import org.jspecify.annotations.NullMarked;
