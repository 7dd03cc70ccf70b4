package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.StartTime;
import dev.kanal.scheduler.engine.query.JobView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job's life as spans of time, made of what is kept of it alone. */
final class JobLife {
  private final JobView job;
  private final List<Span> spans = new ArrayList<>();

  /**
   * A part of it.
   *
   * @param kind as in the contract
   * @param end null while it lasts
   * @param attempt its number, if it belongs to one
   */
  record Span(
      String kind,
      Instant start,
      @Nullable Instant end,
      @Nullable Integer attempt,
      @Nullable String outcome,
      @Nullable String traceId) {}

  private JobLife(JobView job) {
    this.job = job;
  }

  /** The spans of a job, in the order of their starts; attempts that are not kept are left out. */
  static List<Span> of(JobView job) {
    JobLife life = new JobLife(job);
    Instant since = job.createdAt();
    boolean first = job.attemptsOmitted() == 0;
    if (!first) {
      since = job.attempts().getFirst().startedAt();
    }
    for (Attempt attempt : job.attempts()) {
      Instant sent = attempt.sentAt() == null ? attempt.startedAt() : attempt.sentAt();
      life.waits(since, sent, first);
      life.add("queued", sent, attempt.startedAt(), attempt);
      life.add("attempt", attempt.startedAt(), attempt.finishedAt(), attempt);
      Instant recorded = attempt.recordedAt();
      if (recorded != null) {
        life.add("settle", attempt.finishedAt(), recorded, attempt);
      }
      since = recorded == null ? attempt.finishedAt() : recorded;
      first = false;
    }
    life.rest(since, first);
    return life.spans;
  }

  /** What the job waited for before it was sent: for its time, then for its key or queue. */
  private void waits(Instant since, Instant sent, boolean first) {
    Instant due = first ? due(since) : sent;
    Instant until = due.isAfter(sent) ? sent : due;
    wait(first ? "delay" : "retry", since, until);
    wait("blocked", until, sent);
  }

  /** What has come after the last attempt that ended. */
  private void rest(Instant since, boolean first) {
    Instant end = job.finishedAt();
    JobState state = job.state();
    if (state.isFinal()) {
      if (end != null && end.isAfter(since)) {
        wait(first && due(since).isAfter(since) ? "delay" : first ? "queued" : "retry", since, end);
      }
      return;
    }
    String kind =
        switch (state) {
          case SCHEDULED -> "delay";
          case RETRYING -> "retry";
          case BLOCKED -> "blocked";
          case QUEUED, RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED ->
              state == JobState.RUNNING ? "attempt" : "queued";
        };
    Integer attempt = job.attempt() == 0 ? null : job.attempt();
    spans.add(new Span(kind, since, null, attempt, null, job.trace().traceId()));
  }

  private Instant due(Instant since) {
    return switch (job.spec().start()) {
      case StartTime.Now _ -> since;
      case StartTime.After(var delay) -> job.createdAt().plus(delay);
      case StartTime.At(var time) -> time;
    };
  }

  /** A wait of no time is none. */
  private void wait(String kind, Instant from, Instant to) {
    if (to.isAfter(from)) {
      spans.add(new Span(kind, from, to, null, null, job.trace().traceId()));
    }
  }

  private void add(String kind, Instant from, Instant to, Attempt attempt) {
    AttemptTrace trace = attempt.trace();
    String traceId = trace == null ? job.trace().traceId() : trace.traceId();
    String outcome = kind.equals("attempt") ? attempt.outcome() : null;
    Instant end = to.isBefore(from) ? from : to;
    spans.add(new Span(kind, from, end, attempt.number(), outcome, traceId));
  }
}
