package dev.kanal.common.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
public sealed interface Outcome {
  /** The handler returned; {@code null} in JSON if it returned nothing. */
  record Succeeded(JsonBytes result) implements Outcome {}

  /** The handler failed, or its payload or result was unusable. */
  record Failed(ErrorInfo error, boolean retryable) implements Outcome {}

  /** The handler asks to be run again later; not counted as an attempt. */
  record Snoozed(Duration delay, ErrorInfo cause) implements Outcome {}

  /**
   * The handler was interrupted because the job was cancelled.
   *
   * @param error the handler's stack, if it ignores the interrupt
   */
  record Cancelled(@Nullable ErrorInfo error) implements Outcome {
    public Cancelled() {
      this(null);
    }
  }

  /** The attempt took longer than its timeout. */
  record TimedOut(ErrorInfo error) implements Outcome {}

  /**
   * The worker has no handler for the type.
   *
   * @param announced whether another live worker of the queue announces one, as far as this one
   *     knows
   */
  record Unhandled(String type, boolean announced) implements Outcome {}

  /** The worker that held the lease is gone. Only the engine reports this. */
  record Lost(String worker) implements Outcome {}

  /**
   * The handler has handed its work to an outside service, which completes the attempt with a
   * token: the attempt has not ended, but the worker is done with it.
   *
   * @param until the attempt's time is up
   */
  record Parked(TokenHash token, Instant until) implements Outcome {}

  /** The lower-case word of the API, such as {@code timed-out}. */
  default String text() {
    return switch (this) {
      case Succeeded _ -> "succeeded";
      case Failed _ -> "failed";
      case Snoozed _ -> "snoozed";
      case Cancelled _ -> "cancelled";
      case TimedOut _ -> "timed-out";
      case Unhandled _ -> "unhandled";
      case Lost _ -> "lost";
      case Parked _ -> "parked";
    };
  }
}
