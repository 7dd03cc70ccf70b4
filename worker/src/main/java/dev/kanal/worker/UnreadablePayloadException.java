package dev.kanal.worker;

/** The payload is not what the handler takes. */
final class UnreadablePayloadException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param pointer where in the payload; empty for the whole
   */
  UnreadablePayloadException(String pointer, String why, Throwable cause) {
    super(
        "Expected a payload that the handler can read, but at "
            + (pointer.isEmpty() ? "its top" : pointer)
            + ": "
            + why,
        cause);
  }
}
