package dev.kanal.scheduler.api.json;

import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code paused} means in a {@code PUT} or {@code PATCH}: whether something new begins paused.
 * What exists is paused and resumed by calls of their own; to say how it is does no harm.
 */
public enum PauseRule {
  QUEUE("queue", "/v1/queues/"),
  SCHEDULE("schedule", "/v1/schedules/");

  private final String what;
  private final String path;

  PauseRule(String what, String path) {
    this.what = what;
    this.path = path;
  }

  /**
   * The refusal of a change; null if nothing stands against it.
   *
   * @param now whether it is paused
   * @param asked what the request says; null if it says nothing
   */
  public @Nullable Problem refusal(String name, boolean now, @Nullable Boolean asked) {
    if (asked == null || asked == now) {
      return null;
    }
    String detail =
        "Expected paused to be "
            + now
            + " as it is, or left out: a "
            + what
            + " is paused by POST "
            + path
            + name
            + "/pause and resumed by POST "
            + path
            + name
            + "/resume";
    return Problem.invalid(List.of(new FieldError("/paused", detail)));
  }
}
