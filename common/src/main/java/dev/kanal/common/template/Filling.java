package dev.kanal.common.template;

/** What came of filling a template. */
public sealed interface Filling<T> {
  /** Every value was there. */
  record Filled<T>(T value) implements Filling<T> {}

  /**
   * A value is not there, or its document cannot be read, and the reference has no {@code or}.
   *
   * @param reference for messages, such as {@code $from list at /files}
   */
  record Missing<T>(String reference) implements Filling<T> {}

  /**
   * The document would be larger than it may be.
   *
   * @param max in bytes
   */
  record TooLarge<T>(int max) implements Filling<T> {}
}
