package dev.kanal.common.queue;

import org.jspecify.annotations.Nullable;

/**
 * What the topic of queues says of one.
 *
 * @param settings null if the queue was deleted
 * @param revision grows with every change of the queue; an older one is not listened to
 */
public record QueueRecord(String queue, @Nullable QueueSettings settings, long revision) {}
