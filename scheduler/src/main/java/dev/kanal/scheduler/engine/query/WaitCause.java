package dev.kanal.scheduler.engine.query;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a job waits for. Its name in lower case stands in answers and on metrics. */
public enum WaitCause {
  /** Its time. */
  TIME,
  /** Its next attempt. */
  RETRY,
  /** Jobs of the same key before it. */
  KEY,
  /** The end of its attempt before, whose handler ignores its interrupt and holds a permit. */
  RUN,
  /** A permit: as many jobs of its queue are out as may be. */
  CONCURRENCY,
  /** A token of its queue's rate. */
  RATE,
  /** Somebody to resume its queue. */
  PAUSED,
  /** The topic of its queue and priority. */
  TOPIC,
  /** Nothing any more: its queue lets those go that it held, one after another. */
  TURN,
  /** A worker that has a handler for its type. */
  TYPE,
  /** A worker with a free slot that takes its queue. */
  WORKER;

  private final String text = name().toLowerCase(Locale.ROOT);

  public String text() {
    return text;
  }

  /** The cause of this text; null if a newer release knows it and this one does not. */
  public static @Nullable WaitCause of(String text) {
    for (WaitCause cause : values()) {
      if (cause.text.equals(text)) {
        return cause;
      }
    }
    return null;
  }
}
