package dev.kanal.scheduler.api.spec;

import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.scheduler.api.json.FieldReader;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A {@code retry} while it is read. Belongs to the fields that it is part of. */
public final class RetryFields {
  private final FieldReader fields;
  private final String pointer;
  private @Nullable Integer maxAttempts;
  private @Nullable Duration initial;
  private @Nullable Double multiplier;
  private @Nullable Duration max;
  private @Nullable Double jitter;

  /**
   * @param pointer where it stands in the document
   */
  public RetryFields(FieldReader fields, String pointer) {
    this.fields = fields;
    this.pointer = pointer;
  }

  public void read() throws IOException {
    fields.object(pointer, "maxAttempts, backoff", this::readField);
  }

  private boolean readField(String name) throws IOException {
    switch (name) {
      case "maxAttempts" ->
          maxAttempts = fields.wholeNumber(pointer + "/maxAttempts", 1, RetryPolicy.MAX_ATTEMPTS);
      case "backoff" ->
          fields.object(
              pointer + "/backoff", "initial, multiplier, max, jitter", this::readBackoff);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readBackoff(String name) throws IOException {
    String at = pointer + "/backoff/" + name;
    switch (name) {
      case "initial" -> initial = fields.duration(at, Duration.ZERO, Backoff.LONGEST);
      case "max" -> max = fields.duration(at, Duration.ZERO, Backoff.LONGEST);
      case "multiplier" -> multiplier = fields.number(at, 1, Backoff.MULTIPLIER_MAX);
      case "jitter" -> jitter = fields.number(at, 0, 1);
      default -> {
        return false;
      }
    }
    return true;
  }

  /**
   * Refuses a longest wait below the first one.
   *
   * @param base what counts for fields that are left out
   */
  public void check(RetryPolicy base) {
    Duration first = initial == null ? base.backoff().initial() : initial;
    Duration longest = max == null ? base.backoff().max() : max;
    if (longest.compareTo(first) >= 0) {
      return;
    }
    if (max == null) {
      fields.refuse(
          pointer + "/backoff/initial",
          "Expected initial up to max, " + longest + " by default, but got " + first);
    } else {
      fields.refuse(
          pointer + "/backoff/max",
          "Expected max of at least initial, " + first + ", but got " + longest);
    }
  }

  /** The policy, if it has been checked. */
  public RetryPolicy policy(RetryPolicy base) {
    Backoff backoff = base.backoff();
    return new RetryPolicy(
        maxAttempts == null ? base.maxAttempts() : maxAttempts,
        new Backoff(
            initial == null ? backoff.initial() : initial,
            multiplier == null ? backoff.multiplier() : multiplier,
            max == null ? backoff.max() : max,
            jitter == null ? backoff.jitter() : jitter));
  }
}
