package dev.kanal.common.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fault in operation, with its code. What is expected to happen in a domain is a value, never one
 * of these; what must not happen at all is for {@link Invariant}.
 */
public class KanalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** The message reads "Expected X, but Y". */
  public KanalException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public KanalException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public final ErrorCode code() {
    return code;
  }
}
