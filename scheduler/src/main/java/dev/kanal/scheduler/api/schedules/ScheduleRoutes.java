package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The calls about schedules; with what these work. */
public record ScheduleRoutes(
    CallThreads threads,
    ScheduleReader schedules,
    Shards shards,
    QueueDirectory queues,
    InstantSource clock,
    Commands commands,
    JobLookup lookup,
    OwnerRouting atOwner,
    AllOwners owners,
    BodyReader bodies,
    LimitsConfig limits) {
  private static final String ALL = "/v1/schedules";
  private static final String ONE = ALL + "/{name}";

  public List<Route> all() {
    var readings = new ScheduleReadings(queues, clock, limits);
    var calls = changes();
    var list = new ListSchedulesHandler(schedules, clock, owners);
    return List.of(
        Route.get(ALL, ListSchedulesHandler.QUERY, Answers.JSON, list),
        NodeSchedules.QUESTION.answered(list::here),
        Route.get(
            ONE,
            Set.of(),
            Answers.JSON,
            get(true, schedule -> ScheduleWriter.write(schedule, clock.instant()))),
        Route.get(ONE + "/runs", Set.of(), Answers.JSON, get(false, ScheduleWriter::writeRuns)),
        Route.put(ONE, Answers.JSON, calls.read(readings::put)),
        Route.patch(ONE, calls.read(readings::patch)),
        Route.bare(HttpMethod.DELETE, ONE, calls.bare(new ScheduleCommand.Delete())),
        Route.bare(HttpMethod.POST, ONE + "/pause", calls.bare(new ScheduleCommand.Pause(true))),
        Route.bare(HttpMethod.POST, ONE + "/resume", calls.bare(new ScheduleCommand.Pause(false))),
        Route.bare(HttpMethod.POST, ONE + "/trigger", calls.bare(new ScheduleCommand.Trigger())));
  }

  private AtSchedule atSchedule() {
    return new AtSchedule(atOwner, shards);
  }

  private GetScheduleHandler get(boolean whole, Function<ScheduleView, Buffer> writing) {
    return new GetScheduleHandler(schedules, atSchedule(), whole, writing);
  }

  private ScheduleCommandHandler changes() {
    return new ScheduleCommandHandler(
        threads,
        bodies,
        atSchedule(),
        new ScheduleChanges(commands, schedules, shards),
        new ScheduleAnswers(threads, lookup, clock));
  }
}
