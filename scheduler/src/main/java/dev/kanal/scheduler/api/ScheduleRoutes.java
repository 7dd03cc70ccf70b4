package dev.kanal.scheduler.api;

import dev.kanal.common.config.LimitsConfig;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/** The calls about schedules. */
final class ScheduleRoutes {
  private static final String ALL = "/v1/schedules";
  private static final String ONE = ALL + "/{name}";

  private ScheduleRoutes() {}

  static List<Route> of(ScheduleParts with, Owners owners, BodyReader bodies, LimitsConfig limits) {
    var clock = with.parts().clock();
    var readings = new ScheduleReadings(with, bodies, limits);
    return List.of(
        Route.get(
            ALL, ListSchedulesHandler.QUERY, Answers.JSON, new ListSchedulesHandler(with, owners)),
        Route.get(
            ONE,
            Set.of(),
            Answers.JSON,
            new GetScheduleHandler(
                with, true, schedule -> ScheduleWriter.write(schedule, clock.instant()))),
        Route.get(
            ONE + "/runs",
            Set.of(),
            Answers.JSON,
            new GetScheduleHandler(with, false, ScheduleWriter::writeRuns)),
        Route.put(ONE, Answers.JSON, new ScheduleCommandHandler(with, readings::put)),
        Route.patch(ONE, new ScheduleCommandHandler(with, readings::patch)),
        bare(with, HttpMethod.DELETE, ONE, new ScheduleCommand.Delete()),
        bare(with, HttpMethod.POST, ONE + "/pause", new ScheduleCommand.Pause(true)),
        bare(with, HttpMethod.POST, ONE + "/resume", new ScheduleCommand.Pause(false)),
        bare(with, HttpMethod.POST, ONE + "/trigger", new ScheduleCommand.Trigger()));
  }

  private static Route bare(
      ScheduleParts with, HttpMethod method, String path, ScheduleCommand command) {
    return Route.bare(
        method, path, new ScheduleCommandHandler(with, ScheduleReadings.bare(command)));
  }
}
