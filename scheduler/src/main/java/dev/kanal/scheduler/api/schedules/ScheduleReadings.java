package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.MergePatch;
import dev.kanal.scheduler.api.json.PauseRule;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Made;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Making;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads from requests what is to be done to a schedule. */
final class ScheduleReadings {
  private final Vertx vertx;
  private final QueueDirectory queues;
  private final InstantSource clock;
  private final BodyReader bodies;
  private final LimitsConfig limits;

  ScheduleReadings(
      Vertx vertx,
      QueueDirectory queues,
      InstantSource clock,
      BodyReader bodies,
      LimitsConfig limits) {
    this.vertx = vertx;
    this.queues = queues;
    this.clock = clock;
    this.bodies = bodies;
    this.limits = limits;
  }

  /** A command without a body. */
  static ScheduleCommandHandler.Reading bare(ScheduleCommand command) {
    return (_, then) -> then.accept(Making.of(command), Buffer.buffer());
  }

  /** {@code PUT}: the schedule stands in the body; its job's queue is made ready. */
  void put(HttpServerRequest request, BiConsumer<Making, Buffer> then) {
    bodies.read(
        request,
        body -> {
          switch (parse(body)) {
            case ScheduleDraft.Parsed.Refused(Problem problem) -> Answers.problem(request, problem);
            case ScheduleDraft.Parsed.Schedule read -> {
              var put = new ScheduleCommand.Put(read.spec(), TraceHeaders.of(request.headers()));
              Loops.then(
                  vertx,
                  ensure(read.spec().job()),
                  problem ->
                      Failures.guard(
                          request,
                          () -> {
                            if (problem.isEmpty()) {
                              then.accept(new Putting(put, read.paused()), Buffer.buffer(body));
                            } else {
                              Answers.problem(request, problem.get());
                            }
                          }),
                  failure -> Answers.problem(request, Failures.noQueue(failure)));
            }
          }
        });
  }

  /** {@code PATCH}: what is to change stands in the body. */
  void patch(HttpServerRequest request, BiConsumer<Making, Buffer> then) {
    TraceContext trace = TraceHeaders.of(request.headers());
    bodies.read(
        request,
        body ->
            then.accept(
                before -> patched(Objects.requireNonNull(before, "makes none"), body, trace),
                Buffer.buffer(body)));
  }

  private CompletableFuture<Made> patched(ScheduleView before, byte[] patch, TraceContext trace) {
    ScheduleSpec spec = before.spec();
    boolean utc =
        spec.cadence() instanceof Cadence.ByCron(_, var zone)
            && ScheduleWriter.name(zone).equals("UTC");
    byte[] merged;
    try {
      merged =
          MergePatch.apply(
              ScheduleWriter.writeSettings(spec), patch, utc ? List.of("zone") : List.of());
    } catch (JsonBody.MalformedException e) {
      return refused(e.problem());
    } catch (RefusedException e) {
      return refused(e.problem());
    }
    return switch (parse(merged)) {
      case ScheduleDraft.Parsed.Refused(Problem problem) -> refused(problem);
      case ScheduleDraft.Parsed.Schedule read -> {
        Problem contrary = PauseRule.SCHEDULE.refusal(before.name(), spec.paused(), read.paused());
        var put = new ScheduleCommand.Put(read.spec(), trace);
        yield contrary != null
            ? refused(contrary)
            : ensure(read.spec().job())
                .handle(
                    (problem, failure) ->
                        failure == null
                            ? made(put, problem)
                            : new Made.Refused(Failures.noQueue(failure)));
      }
    };
  }

  private static Made made(ScheduleCommand.Put put, Optional<Problem> problem) {
    return problem.<Made>map(Made.Refused::new).orElseGet(() -> new Made.Command(put, true));
  }

  private ScheduleDraft.Parsed parse(byte[] body) {
    return ScheduleDraft.parse(
        body, limits, clock.instant(), queue -> queues.settings(queue).defaults());
  }

  /** Makes the queue of a job ready; completes with what is wrong, if anything is. */
  private CompletableFuture<Optional<Problem>> ensure(JobSpec job) {
    return queues
        .ensure(job.queue(), job.priority())
        .thenApply(
            readiness ->
                switch (readiness) {
                  case UNKNOWN -> Optional.of(Problem.unknownQueue(job.queue()));
                  case READY -> Optional.empty();
                });
  }

  private static CompletableFuture<Made> refused(Problem problem) {
    return CompletableFuture.completedFuture(new Made.Refused(problem));
  }

  /** A schedule as it shall be, but for its pause: that stays as it is. */
  private record Putting(ScheduleCommand.Put put, @Nullable Boolean paused) implements Making {
    @Override
    public CompletableFuture<Made> of(@Nullable ScheduleView before) {
      Problem contrary =
          before == null
              ? null
              : PauseRule.SCHEDULE.refusal(before.name(), before.spec().paused(), paused);
      return CompletableFuture.completedFuture(
          contrary == null ? new Made.Command(put, false) : new Made.Refused(contrary));
    }

    @Override
    public boolean makesAnew() {
      return true;
    }
  }
}
