package dev.kanal.common.queue;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.json.JsonDocuments;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue's settings as JSON: in the topic of queues, and in answers of the API. The reader leaves
 * unknown fields alone, and takes defaults for those that are missing.
 */
public final class QueueSettingsJson {
  /** The fields that describe a queue without being one of its settings. */
  public static final List<String> NOT_SETTABLE = List.of("name", "revision");

  private QueueSettingsJson() {}

  public static byte[] write(String name, QueueSettings settings, long revision) {
    return JsonDocuments.write(new Written(name, settings, revision));
  }

  /** Writes the fields into an object that is open. */
  public static void writeFields(
      JsonGenerator out, String name, QueueSettings settings, long revision) throws IOException {
    JsonDocuments.writeFields(out, new Written(name, settings, revision));
  }

  /**
   * Reads what {@link #write} wrote, now, earlier or later.
   *
   * @throws UnreadableException if it is something else
   */
  public static QueueRecord read(byte[] json) {
    return JsonDocuments.read(json, Read.class, "a queue's settings", Read::queue);
  }

  /** The names of fields, and their order, are those of the settings' records. */
  private record Written(String name, @JsonUnwrapped QueueSettings settings, long revision) {}

  /** The same fields as they are read, any of which may be missing; so with those below. */
  private record Read(
      @Nullable String name,
      @Nullable Integer partitions,
      @Nullable Long capacity,
      @Nullable Integer concurrency,
      @Nullable ReadRate rate,
      @Nullable Integer weight,
      boolean strict,
      boolean paused,
      @Nullable ReadDefaults defaults,
      @Nullable ReadScaling scaling,
      long revision) {
    QueueRecord queue() {
      if (name == null || name.isEmpty()) {
        throw new IllegalArgumentException("it has no name");
      }
      QueueSettings settings =
          new QueueSettings(
              requireNonNullElse(partitions, 1),
              requireNonNullElse(capacity, QueueSettings.CAPACITY_MAX),
              concurrency,
              rate == null ? null : rate.rate(),
              requireNonNullElse(weight, 1),
              strict,
              paused,
              defaults == null ? QueueDefaults.NONE : defaults.defaults(),
              scaling == null ? Scaling.DEFAULT : scaling.scaling());
      return new QueueRecord(name, settings, revision);
    }
  }

  private record ReadRate(int permits, @Nullable Duration per) {
    @Nullable Rate rate() {
      return permits == 0
          ? null
          : new Rate(permits, requireNonNullElse(per, Duration.ofSeconds(1)));
    }
  }

  private record ReadScaling(
      @Nullable Integer minWorkers, @Nullable Integer maxWorkers, @Nullable Integer targetSeconds) {
    Scaling scaling() {
      Scaling or = Scaling.DEFAULT;
      return new Scaling(
          requireNonNullElse(minWorkers, or.minWorkers()),
          requireNonNullElse(maxWorkers, or.maxWorkers()),
          requireNonNullElse(targetSeconds, or.targetSeconds()));
    }
  }

  private record ReadDefaults(
      @Nullable ReadRetry retry, @Nullable Duration timeout, @Nullable ReadRetention retention) {
    QueueDefaults defaults() {
      return new QueueDefaults(
          retry == null ? null : retry.policy(),
          timeout,
          retention == null ? null : retention.retention());
    }
  }

  private record ReadRetry(@Nullable Integer maxAttempts, @Nullable ReadBackoff backoff) {
    RetryPolicy policy() {
      return new RetryPolicy(
          requireNonNullElse(maxAttempts, RetryPolicy.DEFAULT.maxAttempts()),
          backoff == null ? Backoff.DEFAULT : backoff.backoff());
    }
  }

  private record ReadBackoff(
      @Nullable Duration initial,
      @Nullable Double multiplier,
      @Nullable Duration max,
      @Nullable Double jitter) {
    Backoff backoff() {
      Backoff or = Backoff.DEFAULT;
      return new Backoff(
          requireNonNullElse(initial, or.initial()),
          requireNonNullElse(multiplier, or.multiplier()),
          requireNonNullElse(max, or.max()),
          requireNonNullElse(jitter, or.jitter()));
    }
  }

  private record ReadRetention(@Nullable Duration succeeded, @Nullable Duration other) {
    Retention retention() {
      return new Retention(
          requireNonNullElse(succeeded, Retention.DEFAULT.succeeded()),
          requireNonNullElse(other, Retention.DEFAULT.other()));
    }
  }
}
