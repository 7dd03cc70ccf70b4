package dev.kanal.scheduler.api.schedules;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.json.MergePatch;
import dev.kanal.scheduler.api.json.PauseRule;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Made;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Making;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads from requests what is to be done to a schedule. */
final class ScheduleReadings {
  private final QueueDirectory queues;
  private final InstantSource clock;
  private final LimitsConfig limits;

  ScheduleReadings(QueueDirectory queues, InstantSource clock, LimitsConfig limits) {
    this.queues = queues;
    this.clock = clock;
    this.limits = limits;
  }

  /** {@code PUT}: the schedule stands in the body; its job's queue is made ready. */
  Making put(HttpServerRequest request, byte[] body) throws RefusedException {
    ScheduleParser.Parsed read = parse(body);
    ensure(read.spec().job());
    var put = new ScheduleCommand.Put(read.spec(), TraceHeaders.of(request.headers()));
    return new Putting(put, read.paused());
  }

  /** {@code PATCH}: what is to change stands in the body. */
  Making patch(HttpServerRequest request, byte[] body) {
    TraceContext trace = TraceHeaders.of(request.headers());
    return before -> patched(Objects.requireNonNull(before, "makes none"), body, trace);
  }

  private Made patched(ScheduleView before, byte[] patch, TraceContext trace)
      throws RefusedException {
    ScheduleSpec spec = before.spec();
    ScheduleParser.Parsed read = parse(merged(spec, patch));
    refuse(PauseRule.SCHEDULE.refusal(before.name(), spec.paused(), read.paused()));
    ensure(read.spec().job());
    return new Made(new ScheduleCommand.Put(read.spec(), trace), true);
  }

  private static byte[] merged(ScheduleSpec spec, byte[] patch) throws RefusedException {
    boolean utc =
        spec.cadence() instanceof Cadence.ByCron(_, var zone)
            && ScheduleWriter.name(zone).equals("UTC");
    return MergePatch.apply(
        ScheduleWriter.writeSettings(spec), patch, utc ? List.of("zone") : List.of());
  }

  private ScheduleParser.Parsed parse(byte[] body) throws RefusedException {
    return ScheduleParser.parse(
        body, limits, clock.instant(), queue -> queues.settings(queue).defaults());
  }

  /** Makes the queue of a job ready. */
  private void ensure(JobSpec job) throws RefusedException {
    switch (await(queues.ensure(job.queue(), job.priority()), Failures::noQueue)) {
      case UNKNOWN -> throw new RefusedException(Problem.unknownQueue(job.queue()));
      case READY -> {}
    }
  }

  private static void refuse(@Nullable Problem contrary) throws RefusedException {
    if (contrary != null) {
      throw new RefusedException(contrary);
    }
  }

  /** A schedule as it shall be, but for its pause: that stays as it is. */
  private record Putting(ScheduleCommand.Put put, @Nullable Boolean paused) implements Making {
    @Override
    public Made of(@Nullable ScheduleView before) throws RefusedException {
      if (before != null) {
        refuse(PauseRule.SCHEDULE.refusal(before.name(), before.spec().paused(), paused));
      }
      return new Made(put, false);
    }

    @Override
    public boolean makesAnew() {
      return true;
    }
  }
}
