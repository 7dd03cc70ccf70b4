package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.telemetry.Hop;
import dev.kanal.common.telemetry.SendSpan;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Appends new jobs to the log: their ids, their spans, their entries. Usable from any thread. */
public final class SubmitLog {
  private final Sink<ToShard> log;
  private final String topic;
  private final Telemetry telemetry;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param topic of the log, named in spans
   */
  public SubmitLog(
      Sink<ToShard> log,
      String topic,
      Telemetry telemetry,
      InstantSource clock,
      RandomGenerator random) {
    this.log = log;
    this.topic = topic;
    this.telemetry = telemetry;
    this.clock = clock;
    this.random = random;
  }

  public JobId newId(int shard) {
    return JobId.create(shard, clock.instant(), random);
  }

  /** Begins a span for what is sent of a request; there is none unless the request is sampled. */
  public SendSpan begin(TraceContext trace) {
    return telemetry.traces() && TraceParents.isSampled(trace.traceparent())
        ? SendSpan.begin(telemetry.tracer(), TraceParents.context(trace), topic, trace)
        : SendSpan.none(trace);
  }

  public CompletableFuture<Position> append(JobId id, JobSpec spec, TraceContext trace) {
    Hop.note(Hop.Place.SUBMITTED, id);
    CompletableFuture<Position> logged =
        log.send(new ToShard(id.shard(), new LogEntry.Submit(id, spec, trace)));
    return logged.thenApply(
        position -> {
          Hop.note(Hop.Place.LOGGED, id, position);
          return position;
        });
  }

  /** What it means to the client that {@link #append} has failed. */
  public static Problem problem(Throwable failure, JobId id) {
    Throwable cause = Failures.unwrap(failure);
    if (!(cause instanceof SendFailedException failed)) {
      return Failures.internal(cause);
    }
    return failed.ambiguous() ? Problem.kafkaAmbiguous(id) : Problem.kafkaUnavailable(failed);
  }
}
