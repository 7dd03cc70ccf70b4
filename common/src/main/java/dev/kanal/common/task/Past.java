package dev.kanal.common.task;

import dev.kanal.common.binary.UnreadableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The history of a traced job before this attempt.
 *
 * @param previous the {@code traceparent} of the attempt before
 * @param apart the attempt begins a trace of its own, linked to where the job came from: the first
 *     of a schedule's job, and the first after a retry by a user
 * @param waits in their order; each ends where the next begins, the last when the task was sent
 */
public record Past(@Nullable String previous, boolean apart, List<Wait> waits) {
  public static final Past NONE = new Past(null, false, List.of());

  public Past {
    waits = List.copyOf(waits);
  }

  /** For what a job waited, and from when. */
  public record Wait(Kind kind, Instant since) {}

  /** What a job can wait for. */
  public enum Kind {
    /** Its time. */
    DELAY,
    /** Its next attempt. */
    RETRY,
    /** Its key, or its queue. */
    BLOCKED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As in a header: {@code delay=1700000000000,blocked=1700000005000}; milliseconds since 1970. */
  String waitsText() {
    StringBuilder text = new StringBuilder();
    for (Wait wait : waits) {
      text.append(text.isEmpty() ? "" : ",").append(wait.kind.text());
      text.append('=').append(wait.since.toEpochMilli());
    }
    return text.toString();
  }

  static List<Wait> readWaits(@Nullable String text) {
    List<Wait> waits = new ArrayList<>();
    if (text == null) {
      return waits;
    }
    try {
      for (String each : text.split(",", -1)) {
        int equals = each.indexOf('=');
        Kind kind = Kind.valueOf(each.substring(0, Math.max(equals, 0)).toUpperCase(Locale.ROOT));
        waits.add(new Wait(kind, Instant.ofEpochMilli(Long.parseLong(each.substring(equals + 1)))));
      }
    } catch (IllegalArgumentException e) {
      throw new UnreadableException(
          "Expected kind=milliseconds with commas in between in "
              + TaskRecords.WAITS
              + ", but found "
              + text,
          e);
    }
    return waits;
  }
}
