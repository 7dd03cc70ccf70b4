/**
 * A user's settings of a queue: limits, pause switch, defaults of its jobs; and how all processes
 * learn of them.
 *
 * <p>{@link dev.kanal.common.queue.QueueSettings} is the vocabulary, {@link
 * dev.kanal.common.queue.QueueRecords} its public form in the topic of queues, which {@link
 * dev.kanal.common.queue.QueueFeed} follows on a thread of its own into {@link
 * dev.kanal.common.queue.KnownQueues}. Usable from any thread, from every module.
 */
@NullMarked
package dev.kanal.common.queue;

import org.jspecify.annotations.NullMarked;
