package dev.kanal.embedded;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A broker that could not be started; the message is one sentence fit for a user. */
public final class EmbeddedKafkaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a start failed, for callers that advise their user. */
  public enum Problem {
    /** Another process, or another broker of this JVM, has the data directory open. */
    IN_USE,
    /** The data directory cannot be made, read or written. */
    NOT_WRITABLE,
    /** The directory holds something else, or data of another shape or a newer version. */
    NOT_A_DATA_DIRECTORY,
    /** Less space is left than a broker needs to start. */
    DISK_FULL,
    /** Something else listens on the port asked for. */
    PORT_TAKEN,
    /** Anything else: a fault of the broker, or the time for starting ran out. */
    START_FAILED
  }

  private final Problem problem;

  EmbeddedKafkaException(Problem problem, String message) {
    this(problem, message, null);
  }

  EmbeddedKafkaException(Problem problem, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problem = requireNonNull(problem, "problem");
  }

  public Problem problem() {
    return problem;
  }

  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage(), "message");
  }
}
