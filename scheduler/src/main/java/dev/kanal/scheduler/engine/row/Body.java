package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JsonBytes;
import org.jspecify.annotations.Nullable;

/**
 * What a job carries: it stands in the job's row if it is small, and in a row of its own otherwise,
 * which is then written once however often the job changes.
 *
 * @param payloadApart whether the payload has a row of its own; the spec has none then
 * @param result of a job that succeeded; null if it has a row of its own
 * @param last the newest ended attempt; null without one, and if it has a row of its own
 */
public record Body(boolean payloadApart, @Nullable JsonBytes result, @Nullable Attempt last) {
  /** The most bytes of a payload or result, and characters of an error, within the job's row. */
  public static final int SMALL = 1_024;

  static Body of(JsonBytes payload) {
    return new Body(!isSmall(payload), null, null);
  }

  public static boolean isSmall(JsonBytes json) {
    return json.length() <= SMALL;
  }

  public static boolean isSmall(Attempt attempt) {
    var error = attempt.error();
    if (error == null) {
      return true;
    }
    String stack = error.stack();
    return error.message().length() + (stack == null ? 0 : stack.length()) <= SMALL;
  }

  public Body withResult(@Nullable JsonBytes next) {
    return new Body(payloadApart, next, last);
  }

  public Body withLast(@Nullable Attempt next) {
    return new Body(payloadApart, result, next);
  }
}
