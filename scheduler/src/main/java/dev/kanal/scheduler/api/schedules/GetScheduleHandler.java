package dev.kanal.scheduler.api.schedules;

import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleReader.Answer;
import dev.kanal.scheduler.engine.query.ScheduleView;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/** {@code GET /v1/schedules/{name}} and its runs. */
final class GetScheduleHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final ScheduleReader schedules;
  private final AtSchedule atSchedule;
  private final boolean whole;
  private final Function<ScheduleView, Buffer> writing;

  /**
   * @param whole whether what is written is the schedule itself, which has an {@code ETag}
   */
  GetScheduleHandler(
      Vertx vertx,
      ScheduleReader schedules,
      AtSchedule atSchedule,
      boolean whole,
      Function<ScheduleView, Buffer> writing) {
    this.vertx = vertx;
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
    atSchedule.handle(
        request,
        name,
        Buffer.buffer(),
        () ->
            Loops.then(
                vertx,
                schedules.find(name),
                answer -> Failures.guard(request, () -> answer(request, name, answer)),
                failure -> Answers.problem(request, Failures.internal(failure))));
  }

  private void answer(HttpServerRequest request, String name, Answer answer) {
    switch (answer) {
      case Answer.Unavailable(String why) ->
          Answers.problem(request, Problem.shardUnavailable(why));
      case Answer.Missing() -> Answers.problem(request, ScheduleNames.missing(name));
      case Answer.Found(ScheduleView schedule) -> {
        if (whole) {
          String etag = Conditions.etag(schedule.revision());
          Answers.sendTagged(request, etag, () -> writing.apply(schedule));
        } else {
          Answers.sendJson(request, 200, writing.apply(schedule));
        }
      }
    }
  }
}
