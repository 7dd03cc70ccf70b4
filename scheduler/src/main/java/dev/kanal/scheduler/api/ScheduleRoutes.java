package dev.kanal.scheduler.api;

import dev.kanal.common.config.LimitsConfig;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The calls about schedules. */
final class ScheduleRoutes {
  private static final String ALL = "/v1/schedules";
  private static final String ONE = ALL + "/{name}";

  private ScheduleRoutes() {}

  static List<Route> of(ScheduleParts with, Owners owners, BodyReader bodies, LimitsConfig limits) {
    var clock = with.parts().clock();
    var puts = new ScheduleCommandHandler(with, ScheduleCommandHandler.puts(with, bodies, limits));
    return List.of(
        Route.get(
            ALL, ListSchedulesHandler.QUERY, Answers.JSON, new ListSchedulesHandler(with, owners)),
        Route.get(
            ONE,
            Set.of(),
            Answers.JSON,
            new GetScheduleHandler(
                with, schedule -> ScheduleWriter.write(schedule, clock.instant()))),
        Route.get(
            ONE + "/runs",
            Set.of(),
            Answers.JSON,
            new GetScheduleHandler(with, ScheduleWriter::writeRuns)),
        new Route(HttpMethod.PUT, ONE, Set.of(), Answers.JSON, Answers.JSON, puts),
        bare(
            with,
            HttpMethod.DELETE,
            ONE,
            request -> new ScheduleCommand.Delete(IfMatch.of(request.headers()))),
        bare(with, HttpMethod.POST, ONE + "/pause", request -> pause(true, request)),
        bare(with, HttpMethod.POST, ONE + "/resume", request -> pause(false, request)),
        bare(with, HttpMethod.POST, ONE + "/trigger", _ -> new ScheduleCommand.Trigger()));
  }

  private static Route bare(
      ScheduleParts with,
      HttpMethod method,
      String path,
      Function<HttpServerRequest, ScheduleCommand> command) {
    return Route.bare(
        method, path, new ScheduleCommandHandler(with, ScheduleCommandHandler.bare(command)));
  }

  private static ScheduleCommand pause(boolean paused, HttpServerRequest request) {
    return new ScheduleCommand.Pause(paused, IfMatch.of(request.headers()));
  }
}
