package dev.kanal.scheduler.engine.row;

import dev.kanal.common.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a shard knows of a queue's settings.
 *
 * @param settings null if the queue was deleted
 * @param revision an older one is not listened to
 */
public record QueueRow(@Nullable QueueSettings settings, long revision) {
  public boolean isDeleted() {
    return settings == null;
  }
}
