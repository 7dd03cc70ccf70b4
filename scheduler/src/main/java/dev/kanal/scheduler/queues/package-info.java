/**
 * The topics behind it all: made at start, and a queue's on first use.
 *
 * <p>{@code Provisioner} makes what is missing and checks what is there; {@link
 * dev.kanal.scheduler.queues.QueueDirectory} makes a queue ready before the first job is sent to
 * it, and knows the settings of all; {@code QueuePublisher} publishes those of a queue's home
 * shard. {@code TopicWatch} looks whether topics are still there. But for that, which belongs to
 * one thread, all may be used from any. Used by the API and by who starts a scheduler; the engine
 * learns of queues from its log alone.
 */
@NullMarked
package dev.kanal.scheduler.queues;

import org.jspecify.annotations.NullMarked;
