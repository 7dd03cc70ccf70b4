package dev.kanal.scheduler.api;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogEntry;
import dev.kanal.scheduler.engine.query.JobReader.FirstSubmit;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.TokenStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the engine does with commands, as far as the API can tell. Time stands still. */
public final class InMemoryEngine {
  public static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  /** Jobs whose handlers still run, holding a permit. */
  public final Set<JobId> running = ConcurrentHashMap.newKeySet();

  /** The tokens of jobs that are parked, or were completed. */
  public final Map<JobId, TokenHash> tokens = new ConcurrentHashMap<>();

  /** How often somebody asked how a token stands. */
  public final AtomicInteger looks = new AtomicInteger();

  private final Map<JobId, JobView> jobs;
  private final Map<String, FirstSubmit> firstSubmits = new ConcurrentHashMap<>();

  InMemoryEngine(Map<JobId, JobView> jobs) {
    this.jobs = jobs;
  }

  void apply(long offset, LogEntry entry) {
    switch (entry) {
      case LogEntry.Submit submit -> submit(submit);
      case LogEntry.Cancel(JobId job, _) -> cancel(offset, jobs.get(job));
      case LogEntry.Retry(JobId job, Instant deadline) ->
          retry(offset, jobs.get(job), new LogEntry.RetryChanged(job, deadline, null, null));
      case LogEntry.RetryChanged retry -> retry(offset, jobs.get(retry.job()), retry);
      case LogEntry.Reschedule(JobId job, StartTime start) ->
          reschedule(offset, jobs.get(job), start);
      case LogEntry.RunNow(JobId job) -> runNow(offset, jobs.get(job));
      case LogEntry.Delete(JobId job) -> delete(jobs.get(job));
      case LogEntry.Complete(JobId job, TokenHash token, Outcome outcome) -> {
        JobView view = jobs.get(job);
        if (view != null && standing(job, token) == TokenStanding.OPEN) {
          boolean done = outcome instanceof Outcome.Succeeded;
          put(view, done ? JobState.SUCCEEDED : JobState.DEAD, view.spec(), offset);
        }
      }
      default -> {}
    }
  }

  Optional<FirstSubmit> firstSubmit(JobSpec spec) {
    return Optional.ofNullable(firstSubmits.get(name(spec)));
  }

  public void forget(JobView job) {
    jobs.remove(job.id());
    firstSubmits.remove(name(job.spec()));
  }

  private void submit(LogEntry.Submit submit) {
    Idempotency key = submit.spec().idempotency();
    if (key == null || !firstSubmits.containsKey(name(submit.spec()))) {
      jobs.put(submit.job(), view(submit));
    }
    if (key != null) {
      firstSubmits.putIfAbsent(
          name(submit.spec()), new FirstSubmit(submit.job(), key.bodyHi(), key.bodyLo()));
    }
  }

  TokenStanding standing(JobId job, TokenHash token) {
    looks.incrementAndGet();
    JobView view = jobs.get(job);
    JobState state = view == null ? JobState.CANCELLED : view.state();
    TokenHash parked = tokens.get(job);
    if (state == JobState.CANCELLED) {
      return TokenStanding.OVER;
    } else if (parked == null) {
      return state.isFinal() ? TokenStanding.OVER : TokenStanding.EARLY;
    } else if (!parked.equals(token)) {
      return TokenStanding.WRONG;
    }
    return state.isFinal() ? TokenStanding.USED : TokenStanding.OPEN;
  }

  private void cancel(long offset, @Nullable JobView job) {
    if (job != null && !job.state().isFinal()) {
      put(job, JobState.CANCELLED, job.spec(), offset);
    }
  }

  private void retry(long offset, @Nullable JobView job, LogEntry.RetryChanged retry) {
    if (job == null || !job.state().isFinal() || job.state() == JobState.SUCCEEDED) {
      return;
    }
    JobSpec spec = job.spec();
    spec = retry.deadline() == null ? spec : spec.withDeadline(retry.deadline());
    spec = retry.payload() == null ? spec : spec.withPayload(retry.payload());
    spec = retry.queue() == null ? spec : spec.withQueue(retry.queue());
    Instant last = spec.deadline();
    boolean bound = job.spec().key() != null && !spec.queue().equals(job.spec().queue());
    if (!bound && (last == null || last.isAfter(NOW))) {
      put(job, JobState.QUEUED, spec, offset);
    }
  }

  private void reschedule(long offset, @Nullable JobView job, StartTime start) {
    if (job == null || (job.state() != JobState.SCHEDULED && job.state() != JobState.RETRYING)) {
      return;
    }
    Instant due = start instanceof StartTime.At(Instant time) ? time : NOW.plus(delay(start));
    Instant deadline = job.spec().deadline();
    if (deadline == null || deadline.isAfter(due)) {
      put(job, due.isAfter(NOW) ? job.state() : JobState.QUEUED, job.spec(), offset);
    }
  }

  private static Duration delay(StartTime start) {
    return start instanceof StartTime.After(Duration delay) ? delay : Duration.ZERO;
  }

  private void runNow(long offset, @Nullable JobView job) {
    if (job != null && job.runAt() != null) {
      JobState next = job.state() == JobState.BLOCKED ? JobState.BLOCKED : JobState.QUEUED;
      put(job, next, job.spec(), offset);
    }
  }

  private void delete(@Nullable JobView job) {
    if (job != null && job.state().isFinal() && !running.contains(job.id())) {
      forget(job);
    }
  }

  private void put(JobView job, JobState state, JobSpec spec, long offset) {
    jobs.put(
        job.id(),
        new JobView(
            job.id(),
            spec,
            job.trace(),
            state,
            null,
            null,
            job.createdAt(),
            null,
            state.isFinal() ? NOW : null,
            job.attempt(),
            job.attempts(),
            job.attemptsOmitted(),
            job.maxAttempts(),
            state.isFinal() && running.contains(job.id()),
            job.progress(),
            offset,
            job.version() + 1,
            null));
  }

  static JobView view(LogEntry.Submit submit) {
    Instant runAt =
        switch (submit.spec().start()) {
          case StartTime.Now() -> null;
          case StartTime.After(Duration delay) -> NOW.plus(delay);
          case StartTime.At(Instant time) -> time;
        };
    return view(submit, runAt == null ? JobState.QUEUED : JobState.SCHEDULED, runAt);
  }

  /** A job in any state out of nowhere. */
  public static JobView view(LogEntry.Submit submit, JobState state, @Nullable Instant runAt) {
    return new JobView(
        submit.job(),
        submit.spec(),
        submit.trace(),
        state,
        null,
        null,
        NOW,
        runAt,
        state.isFinal() ? NOW : null,
        0,
        List.of(),
        0,
        submit.spec().retry().maxAttempts(),
        false,
        null,
        -1,
        1,
        null);
  }

  private static String name(JobSpec spec) {
    JobKey key = spec.key();
    Idempotency idempotency = spec.idempotency();
    return spec.queue()
        + '\0'
        + (key == null ? "" : key.value())
        + '\0'
        + (idempotency == null ? "" : idempotency.key());
  }
}
