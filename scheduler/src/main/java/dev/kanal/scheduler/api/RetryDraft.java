package dev.kanal.scheduler.api;

import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A job's {@code retry} while it is read. Belongs to the draft of its job. */
final class RetryDraft {
  private static final Backoff DEFAULT = Backoff.DEFAULT;

  private final FieldReader fields;
  private int maxAttempts = RetryPolicy.DEFAULT.maxAttempts();
  private Duration initial = DEFAULT.initial();
  private double multiplier = DEFAULT.multiplier();
  private @Nullable Duration max;
  private double jitter = DEFAULT.jitter();

  RetryDraft(FieldReader fields) {
    this.fields = fields;
  }

  void read() throws IOException {
    fields.object("/retry", "maxAttempts, backoff", this::readField);
  }

  private boolean readField(String name) throws IOException {
    switch (name) {
      case "maxAttempts" -> {
        Integer value = fields.wholeNumber("/retry/maxAttempts", 1, RetryPolicy.MAX_ATTEMPTS);
        maxAttempts = value == null ? maxAttempts : value;
      }
      case "backoff" ->
          fields.object("/retry/backoff", "initial, multiplier, max, jitter", this::readBackoff);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readBackoff(String name) throws IOException {
    switch (name) {
      case "initial" -> {
        Duration value = fields.duration("/retry/backoff/initial", Duration.ZERO, Backoff.LONGEST);
        initial = value == null ? initial : value;
      }
      case "max" -> max = fields.duration("/retry/backoff/max", Duration.ZERO, Backoff.LONGEST);
      case "multiplier" -> {
        Double value = fields.number("/retry/backoff/multiplier", 1, Backoff.MULTIPLIER_MAX);
        multiplier = value == null ? multiplier : value;
      }
      case "jitter" -> {
        Double value = fields.number("/retry/backoff/jitter", 0, 1);
        jitter = value == null ? jitter : value;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Refuses a longest wait below the first one. */
  void check() {
    if (max == null && initial.compareTo(DEFAULT.max()) > 0) {
      fields.refuse(
          "/retry/backoff/initial",
          "Expected initial up to max, " + DEFAULT.max() + " by default, but got " + initial);
    } else if (max != null && max.compareTo(initial) < 0) {
      fields.refuse(
          "/retry/backoff/max",
          "Expected max of at least initial, " + initial + ", but got " + max);
    }
  }

  RetryPolicy policy() {
    Duration longest = max == null ? DEFAULT.max() : max;
    return new RetryPolicy(maxAttempts, new Backoff(initial, multiplier, longest, jitter));
  }
}
