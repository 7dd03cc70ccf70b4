package dev.kanal.common.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operational fault, with its code. Expected results of a domain are values, never exceptions of
 * this kind; broken invariants are for {@link Invariant}.
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
