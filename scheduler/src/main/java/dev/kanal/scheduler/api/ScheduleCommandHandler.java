package dev.kanal.scheduler.api;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.scheduler.api.ScheduleCommand.Made;
import dev.kanal.scheduler.api.ScheduleCommand.Making;
import dev.kanal.scheduler.api.ScheduleCommand.Verdict;
import dev.kanal.scheduler.engine.query.ScheduleReader.Answer;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.schedule.ScheduledRun;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Calls that change one schedule, each answered by the node that owns its shard. */
final class ScheduleCommandHandler implements Handler<RoutingContext> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** How long a triggered job may take to its shard before it is answered all the same. */
  private static final int LOOKS_MAX = 250;

  /** How often a change is made anew because the schedule was changed meanwhile. */
  private static final int TRIES = 5;

  private final ScheduleParts with;
  private final Reading reading;

  ScheduleCommandHandler(ScheduleParts with, Reading reading) {
    this.with = with;
    this.reading = reading;
  }

  /** Reads what is to be done from a request, unless it refuses that; hands the body on, too. */
  interface Reading {
    void read(HttpServerRequest request, BiConsumer<Making, Buffer> then);
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String name = with.name(routing);
    if (name == null) {
      return;
    }
    reading.read(
        request,
        (making, body) ->
            with.atOwner()
                .handle(
                    request,
                    with.shardOf(name),
                    body,
                    () ->
                        Loops.then(
                            with.vertx(),
                            run(new Asked(name, making, Conditions.of(request)), TRIES),
                            verdict ->
                                Failures.guard(request, () -> answer(request, name, verdict)),
                            failure -> Answers.problem(request, Commands.problem(failure)))));
  }

  /** What is asked of which schedule. */
  private record Asked(String name, Making making, Conditions conditions) {}

  private CompletableFuture<Verdict> run(Asked asked, int tries) {
    return with.parts()
        .schedules()
        .find(asked.name)
        .thenCompose(
            before ->
                switch (before) {
                  case Answer.Unavailable(String why) -> refused(Problem.shardUnavailable(why));
                  case Answer.Missing() -> make(asked, null, tries);
                  case Answer.Found(ScheduleView view) -> make(asked, view, tries);
                });
  }

  private CompletableFuture<Verdict> make(Asked asked, @Nullable ScheduleView before, int tries) {
    String etag = before == null ? null : Conditions.etag(before.revision());
    if (before == null && !asked.making.makesAnew()) {
      return refused(ScheduleParts.missing(asked.name));
    }
    if (!asked.conditions.allow(etag)) {
      return refused(Conditions.unmet("schedule", etag));
    }
    return asked
        .making
        .of(before)
        .thenCompose(
            made ->
                switch (made) {
                  case Made.Refused(Problem problem) -> refused(problem);
                  case Made.Command command -> apply(asked, before, command, tries);
                });
  }

  private CompletableFuture<Verdict> apply(
      Asked asked, @Nullable ScheduleView before, Made.Command made, int tries) {
    boolean bound = made.bound() || !asked.conditions.equals(Conditions.NONE);
    ScheduleCommand command = made.command();
    return with.commands()
        .apply(with.shardOf(asked.name), command.entry(asked.name, condition(before, bound)))
        .thenCompose(
            offset ->
                with.parts()
                    .schedules()
                    .find(asked.name)
                    .thenApply(after -> verdict(command, before, after, offset)))
        .thenCompose(
            verdict ->
                verdict instanceof Verdict.Overtaken
                    ? tries > 1 ? run(asked, tries - 1) : refused(overtaken())
                    : CompletableFuture.completedFuture(verdict));
  }

  private static Precondition condition(@Nullable ScheduleView before, boolean bound) {
    if (!bound) {
      return Precondition.NONE;
    }
    return before == null
        ? new Precondition.Exists(false)
        : new Precondition.AnyOf(Set.of(before.revision()));
  }

  private static Verdict verdict(
      ScheduleCommand command, @Nullable ScheduleView before, Answer after, long offset) {
    return switch (after) {
      case Answer.Unavailable(String why) -> new Verdict.Refused(Commands.late(why));
      case Answer.Missing() -> command.verdict(before, null, offset);
      case Answer.Found(ScheduleView view) -> command.verdict(before, view, offset);
    };
  }

  private static Problem overtaken() {
    return Problem.of(
        ErrorCode.CONFLICT,
        "Expected a schedule that nobody else changes meanwhile, but it was changed "
            + TRIES
            + " times: try again");
  }

  private void answer(HttpServerRequest request, String name, Verdict verdict) {
    switch (verdict) {
      case Verdict.Refused(Problem problem) -> Answers.problem(request, problem);
      case Verdict.Overtaken() -> Answers.problem(request, overtaken());
      case Verdict.Gone() -> Answers.noContent(request);
      case Verdict.Done(ScheduleView schedule, boolean created) -> {
        request.response().putHeader("ETag", Conditions.etag(schedule.revision()));
        if (created) {
          request.response().putHeader("Location", "/v1/schedules/" + name);
        }
        Buffer json = ScheduleWriter.write(schedule, with.parts().clock().instant());
        Answers.sendJson(request, created ? 201 : 200, json);
      }
      case Verdict.Fired(ScheduledRun run) -> awaitJob(request, run, LOOKS_MAX);
    }
  }

  /** The job is on its way to its shard: once it is there, everybody who asks for it finds it. */
  private void awaitJob(HttpServerRequest request, ScheduledRun run, int looks) {
    JobId job = run.job();
    with.lookup()
        .find(
            job,
            Duration.ZERO,
            true,
            found -> {
              if (found instanceof JobLookup.Result.Body || looks == 0) {
                request.response().putHeader("Location", "/v1/jobs/" + job);
                Answers.sendJson(request, 202, ScheduleWriter.write(run));
              } else {
                var _ =
                    with.vertx()
                        .setTimer(LOOK_AGAIN.toMillis(), _ -> awaitJob(request, run, looks - 1));
              }
            });
  }

  private static CompletableFuture<Verdict> refused(Problem problem) {
    return CompletableFuture.completedFuture(new Verdict.Refused(problem));
  }
}
