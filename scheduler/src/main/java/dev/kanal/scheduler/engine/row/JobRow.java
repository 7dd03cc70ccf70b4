package dev.kanal.scheduler.engine.row;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.StartTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as the store holds it: what never changes, and where it stands. What is small stands in it,
 * so that most jobs are a single row; see {@link Body}.
 *
 * @param spec only users may change something of it, by a retry, a new time, or a move
 * @param createdMs the log's time of the submit
 */
public record JobRow(
    JobId id, JobSpec spec, TraceContext trace, long createdMs, JobStatus status, Body body) {
  /** A job that comes new. */
  public static JobRow of(
      JobId id, JobSpec spec, TraceContext trace, long createdMs, long startMs) {
    Body body = Body.of(spec.payload());
    return new JobRow(id, spec, trace, createdMs, JobStatus.scheduled(startMs, createdMs), body);
  }

  public JobState state() {
    return status.state();
  }

  public Channel channel() {
    return new Channel(spec.queue(), spec.priority());
  }

  /** When a final job is forgotten. */
  public long keptUntilMs() {
    return status.sinceMs() + spec.retention().of(state()).toMillis();
  }

  /** Attempts that it may have in all; a retry by a user grants more. */
  public int maxAttempts() {
    return status.tries().forgiven() + spec.retry().maxAttempts();
  }

  public boolean isPast(long nowMs) {
    Instant deadline = spec.deadline();
    return deadline != null && deadline.toEpochMilli() <= nowMs;
  }

  public JobRow with(JobStatus next) {
    if (!state().canBecome(next.state()) && state() != next.state()) {
      throw new IllegalStateException(
          "Expected a legal successor of " + state() + ", but got " + next.state());
    }
    return new JobRow(id, spec, trace, createdMs, next, body);
  }

  public JobRow withDeadline(@Nullable Instant deadline) {
    return new JobRow(id, spec.withDeadline(deadline), trace, createdMs, status, body);
  }

  public JobRow withQueue(String queue) {
    return queue.equals(spec.queue())
        ? this
        : new JobRow(id, spec.withQueue(queue), trace, createdMs, status, body);
  }

  public JobRow withPayload(JsonBytes payload) {
    Body next = new Body(!Body.isSmall(payload), body.result(), body.last());
    return new JobRow(id, spec.withPayload(payload), trace, createdMs, status, next);
  }

  /** The same with another start, if it has not been sent yet. */
  public JobRow withStart(Instant start) {
    return status.sent().dispatch() > 0
        ? this
        : new JobRow(id, spec.withStart(new StartTime.At(start)), trace, createdMs, status, body);
  }

  public JobRow with(Body next) {
    return new JobRow(id, spec, trace, createdMs, status, next);
  }
}
