package dev.kanal.check.probe;

import dev.kanal.check.history.Run;
import java.time.Duration;

/** What the service does about one call: how long it takes, and how it answers. */
public record Play(Duration hold, Run.End end) {
  public Play {
    if (end == Run.End.CUT || end == Run.End.OPEN) {
      throw new IllegalArgumentException("Expected an answer, but it is " + end);
    }
  }
}
