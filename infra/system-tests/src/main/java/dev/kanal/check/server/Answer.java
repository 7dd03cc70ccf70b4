package dev.kanal.check.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of one request. */
public sealed interface Answer {
  /** The server gave a definite answer. */
  record Got(int status, String body) implements Answer {}

  /**
   * The server is not there, or asks to be left alone for a while.
   *
   * @param why for a person
   * @param mayHaveArrived whether the request may have been carried out nevertheless
   * @param retryAfter what the server asked for, if it did
   */
  record Away(String why, boolean mayHaveArrived, @Nullable Duration retryAfter)
      implements Answer {}
}
