package dev.kanal.scheduler.api;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.log.Shards;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every call about schedules works with. */
record ScheduleParts(
    Vertx vertx, ApiParts parts, Commands commands, AtOwner atOwner, JobLookup lookup) {
  /** Names of schedules. */
  static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (ScheduleTick.NAME_MAX - 1) + "}");

  int shardOf(String name) {
    return new Shards(parts.reader().shards()).ofSchedule(name);
  }

  /** The schedule in the path; null if there can be none of this name, which is then answered. */
  @Nullable String name(RoutingContext routing) {
    String name = String.valueOf(routing.pathParam("name"));
    if (NAME.matcher(name).matches()) {
      return name;
    }
    Answers.problem(
        routing.request(),
        Problem.of(
            ErrorCode.NOT_FOUND,
            "Expected the name of a schedule, which matches "
                + NAME
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
