package dev.kanal.common.http;

/** The payload of an http job is not what it must be. */
public final class BadPayloadException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  /**
   * A fault and its place.
   *
   * @param pointer into the payload (RFC 6901); empty for the whole
   * @param message names the field, and never shows what may be a secret
   */
  BadPayloadException(String pointer, String message) {
    super(message);
    this.pointer = pointer;
  }

  public String pointer() {
    return pointer;
  }

  /** What is wrong, naming the field. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
