package dev.kanal.common.queue;

import org.jspecify.annotations.Nullable;

/**
 * A queue's record in the topic of queues.
 *
 * @param settings null if the queue was deleted
 * @param revision grows with every change of the queue; an older one is ignored
 */
public record QueueRecord(String queue, @Nullable QueueSettings settings, long revision) {}
