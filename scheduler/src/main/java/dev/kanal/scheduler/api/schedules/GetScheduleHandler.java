package dev.kanal.scheduler.api.schedules;

import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleView;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/** {@code GET /v1/schedules/{name}} and its runs. */
final class GetScheduleHandler implements Handler<RoutingContext> {
  private final ScheduleReader schedules;
  private final AtSchedule atSchedule;
  private final boolean whole;
  private final Function<ScheduleView, Buffer> writing;

  /**
   * @param whole whether what is written is the schedule itself, which has an {@code ETag}
   */
  GetScheduleHandler(
      ScheduleReader schedules,
      AtSchedule atSchedule,
      boolean whole,
      Function<ScheduleView, Buffer> writing) {
    this.schedules = schedules;
    this.atSchedule = atSchedule;
    this.whole = whole;
    this.writing = writing;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String name = ScheduleNames.of(routing);
    if (name == null) {
      return;
    }
    Answers.when(request, atSchedule.later(request, name, () -> here(name)));
  }

  private Future<Answer> here(String name) {
    return Later.of(schedules.find(name))
        .map(
            found ->
                switch (found) {
                  case ScheduleReader.Answer.Unavailable(String why) ->
                      Answer.problem(Problem.shardUnavailable(why));
                  case ScheduleReader.Answer.Missing() ->
                      Answer.problem(ScheduleNames.missing(name));
                  case ScheduleReader.Answer.Found(ScheduleView schedule) when whole ->
                      Answer.tagged(
                          Conditions.etag(schedule.revision()), () -> writing.apply(schedule));
                  case ScheduleReader.Answer.Found(ScheduleView schedule) ->
                      Answer.json(200, writing.apply(schedule));
                });
  }
}
