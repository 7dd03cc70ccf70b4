package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of schedules in paths, and what is answered to a wrong one. */
final class ScheduleNames {
  static final Pattern PATTERN =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (ScheduleTick.NAME_MAX - 1) + "}");

  private ScheduleNames() {}

  /** The schedule in the path; null if there can be none of this name, which is then answered. */
  static @Nullable String of(RoutingContext routing) {
    String name = String.valueOf(routing.pathParam("name"));
    if (PATTERN.matcher(name).matches()) {
      return name;
    }
    Answers.problem(
        routing.request(),
        Problem.of(
            ErrorCode.NOT_FOUND,
            "Expected the name of a schedule, which matches "
                + PATTERN
                + ", but got "
                + Quoted.of(name)));
    return null;
  }

  static Problem missing(String name) {
    return Problem.of(
        ErrorCode.NOT_FOUND,
        "Expected the name of a schedule, but there is none named " + Quoted.of(name));
  }
}
