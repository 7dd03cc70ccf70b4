package dev.kanal.scheduler.api.schedules;

import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Making;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;

/** Calls that change one schedule, each answered by the node that owns its shard. */
final class ScheduleCommandHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final AtSchedule atSchedule;
  private final ScheduleChanges changes;
  private final ScheduleAnswers answers;
  private final Reading reading;

  ScheduleCommandHandler(
      Vertx vertx,
      AtSchedule atSchedule,
      ScheduleChanges changes,
      ScheduleAnswers answers,
      Reading reading) {
    this.vertx = vertx;
    this.atSchedule = atSchedule;
    this.changes = changes;
    this.answers = answers;
    this.reading = reading;
  }

  /** Reads what is to be done from a request, unless it refuses that; hands the body on, too. */
  interface Reading {
    void read(HttpServerRequest request, BiConsumer<Making, Buffer> then);
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String name = ScheduleNames.of(routing);
    if (name == null) {
      return;
    }
    reading.read(
        request,
        (making, body) ->
            atSchedule.handle(
                request,
                name,
                body,
                () ->
                    Loops.then(
                        vertx,
                        changes.make(name, making, Conditions.of(request)),
                        verdict ->
                            Failures.guard(request, () -> answers.answer(request, name, verdict)),
                        failure -> Answers.problem(request, Commands.problem(failure)))));
  }
}
