package dev.kanal.scheduler.api.schedules;

import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Making;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Calls that change one schedule, each answered by the node that owns its shard. */
final class ScheduleCommandHandler {
  private final CallThreads threads;
  private final BodyReader bodies;
  private final AtSchedule atSchedule;
  private final ScheduleChanges changes;
  private final ScheduleAnswers answers;

  ScheduleCommandHandler(
      CallThreads threads,
      BodyReader bodies,
      AtSchedule atSchedule,
      ScheduleChanges changes,
      ScheduleAnswers answers) {
    this.threads = threads;
    this.bodies = bodies;
    this.atSchedule = atSchedule;
    this.changes = changes;
    this.answers = answers;
  }

  /** Makes of a request and its body what is to be done, unless it refuses that. */
  interface Reading {
    Making read(HttpServerRequest request, byte[] body) throws RefusedException;
  }

  /** A call without a body; what comes all the same is not looked at. */
  Handler<RoutingContext> bare(ScheduleCommand command) {
    Making making = Making.of(command);
    return routing -> {
      String name = ScheduleNames.of(routing);
      if (name != null) {
        run(routing.request(), name, new byte[0], (_, _) -> making);
      }
    };
  }

  /** A call with a body. */
  Handler<RoutingContext> read(Reading reading) {
    return routing -> {
      HttpServerRequest request = routing.request();
      String name = ScheduleNames.of(routing);
      if (name != null) {
        bodies.read(request, body -> run(request, name, body, reading));
      }
    };
  }

  private void run(HttpServerRequest request, String name, byte[] body, Reading reading) {
    threads.run(
        request,
        () -> {
          Making making = reading.read(request, body);
          return atSchedule.answer(
              request,
              name,
              body,
              () -> answers.of(name, changes.make(name, making, Conditions.of(request))));
        });
  }
}
