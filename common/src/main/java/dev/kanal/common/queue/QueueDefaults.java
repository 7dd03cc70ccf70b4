package dev.kanal.common.queue;

import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a job of the queue gets if its submit does not set it; null leaves the default of the API.
 */
public record QueueDefaults(
    @Nullable RetryPolicy retry, @Nullable Duration timeout, @Nullable Retention retention) {
  public static final QueueDefaults NONE = new QueueDefaults(null, null, null);
}
