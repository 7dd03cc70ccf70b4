package dev.kanal.common.error;

import java.util.function.Supplier;

/** Conditions that must hold, whatever users, brokers and clocks do. */
public final class Invariant {
  private Invariant() {}

  /**
   * Stops the caller if {@code holds} is false; no code below the owner of the broken state catches
   * that.
   *
   * @param message "Expected X, but Y", made only if needed
   * @throws IllegalStateException if {@code holds} is false
   */
  public static void check(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new IllegalStateException(message.get());
    }
  }
}
