/**
 * What a user says about a queue: limits, pause switch, defaults of its jobs.
 *
 * <p>{@link dev.kanal.common.queue.QueueSettings} is the vocabulary. Immutable values, usable from
 * any thread, from every module.
 */
@NullMarked
package dev.kanal.common.queue;

import org.jspecify.annotations.NullMarked;
