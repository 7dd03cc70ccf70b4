package dev.kanal.scheduler.engine.reference;

import static dev.kanal.scheduler.engine.row.Tables.HANDLED;
import static dev.kanal.scheduler.engine.row.Tables.TYPES_OF;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.job.OutcomeDecisions;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What users and workers said about each job, and what must come of it: the plain model. */
final class ModelUsers {
  private static final Set<JobState> MAY_START =
      EnumSet.of(JobState.BLOCKED, JobState.QUEUED, JobState.DEAD, JobState.EXPIRED);

  private final Map<JobId, ModelJob> jobs = new HashMap<>();
  private final List<JobId> order = new ArrayList<>();
  private final Map<List<Object>, JobId> repeatable = new HashMap<>();

  Map<JobId, ModelJob> all() {
    return jobs;
  }

  @Nullable ModelJob job(JobId id) {
    return jobs.get(id);
  }

  long unfinished() {
    return jobs.values().stream().filter(job -> !job.isFinal()).count();
  }

  /** One of the jobs, if there are any. */
  @Nullable ModelJob any(int choice) {
    return order.isEmpty() ? null : jobs.get(order.get(choice % order.size()));
  }

  void removed(JobRow row) {
    jobs.remove(row.id());
    order.remove(row.id());
    Idempotency idempotency = row.spec().idempotency();
    if (idempotency != null) {
      repeatable.remove(repeatKey(row.id(), row.spec(), idempotency));
    }
  }

  /** What the entry means for its job; null if it says nothing about one. */
  @Nullable Verdict expect(LogEntry entry, @Nullable JobRow before, ModelStore store, long nowMs) {
    if (entry instanceof Submit submit) {
      return submitted(submit, nowMs);
    }
    JobId id = new Input.Entry(entry).job();
    ModelJob job = id == null ? null : jobs.get(id);
    if (job == null || before == null) {
      return null;
    }
    boolean isFinal = before.state().isFinal();
    return switch (entry) {
      case Cancel _ -> Verdict.of(isFinal ? before.state() : JobState.CANCELLED);
      case Retry retry -> retried(job, retry, before.state(), nowMs);
      case RunNow _ -> runNow(job, before, nowMs);
      case Delete _ -> {
        boolean gone = isFinal && before.status().runOver();
        yield new Verdict(EnumSet.of(before.state()), gone, isFinal);
      }
      case Complete complete -> {
        int dispatch = before.status().sent().dispatch();
        boolean mine = complete.token().equals(ModelSpecs.token(job.id, dispatch));
        yield Verdict.of(
            mine && before.status().lease().isParked()
                ? ended(job, complete.outcome(), nowMs)
                : before.state());
      }
      case Finished(var run, _, _, Outcome.Parked _, _, _) when isOpen(before, run) -> {
        var hold = before.status().lease();
        boolean elsewhere = hold.worker() != null && !hold.isOf(run.worker());
        yield Verdict.of(isFinal || elsewhere ? before.state() : JobState.RUNNING);
      }
      case Finished(var run, _, _, Outcome.Unhandled _, _, _) ->
          handedBack(new HandedBack(job, before, run, nowMs), store);
      case Finished finished -> {
        if (isOpen(before, finished.run()) && !isFinal) {
          yield Verdict.of(ended(job, finished.outcome(), nowMs));
        }
        boolean waitsForIt = waitsForItsRun(before);
        yield waitsForIt ? new Verdict(MAY_START, false, false) : Verdict.of(before.state());
      }
      default -> null;
    };
  }

  /** No attempt: it goes on to another worker, or waits until there is one. */
  private static Verdict handedBack(HandedBack back, ModelStore store) {
    JobRow before = back.row;
    WorkerRef holder = before.status().lease().worker();
    boolean elsewhere = holder != null && !holder.equals(back.run.worker());
    boolean isFinal = before.state().isFinal();
    ModelJob job = back.job;
    boolean counts = isOpen(before, back.run) && !isFinal && !elsewhere;
    if (!counts || before.state() == JobState.BLOCKED) {
      job.unhandledMs = counts && job.unhandledMs == 0 ? back.nowMs : job.unhandledMs;
      boolean waits = waitsForItsRun(before);
      return waits ? new Verdict(MAY_START, false, false) : Verdict.of(before.state());
    }
    long since = job.unhandledMs == 0 ? back.nowMs : job.unhandledMs;
    long wait = job.unhandledMs == 0 ? 0 : OutcomeDecisions.handOnMs(back.nowMs - job.unhandledMs);
    job.unhandledMs = since;
    if (wait == 0 || !runs(store, job.spec)) {
      return new Verdict(MAY_START, false, false);
    }
    job.dueMs = back.nowMs + wait;
    return Verdict.of(JobState.RETRYING);
  }

  private record HandedBack(ModelJob job, JobRow row, Run run, long nowMs) {}

  /** Whether the shard believes that a worker runs this type. */
  static boolean runs(ModelStore store, JobSpec spec) {
    return !store.has(TYPES_OF, spec.queue())
        || store.has(HANDLED, new Pair(spec.queue(), spec.type()));
  }

  /** For its run itself, or for the permit that its run holds. */
  private static boolean waitsForItsRun(JobRow row) {
    Gate gate = row.status().gate();
    return gate == Gate.RUN || (gate == Gate.QUEUE && row.status().lease().lingering());
  }

  private static boolean isOpen(JobRow row, Run run) {
    JobStatus.Sent sent = row.status().sent();
    return sent.dispatch() == run.dispatch() && !sent.isOver();
  }

  private Verdict submitted(Submit submit, long nowMs) {
    JobSpec spec = submit.spec();
    Idempotency idempotency = spec.idempotency();
    if (idempotency != null
        && repeatable.putIfAbsent(repeatKey(submit.job(), spec, idempotency), submit.job())
            != null) {
      return new Verdict(EnumSet.noneOf(JobState.class), true, true);
    }
    long due =
        switch (spec.start()) {
          case StartTime.Now _ -> nowMs;
          case StartTime.After(var delay) -> nowMs + delay.toMillis();
          case StartTime.At(var time) -> time.toEpochMilli();
        };
    jobs.put(submit.job(), new ModelJob(submit.job(), spec, due));
    order.add(submit.job());
    Set<JobState> states = EnumSet.copyOf(MAY_START);
    states.add(JobState.SCHEDULED);
    return new Verdict(states, false, false);
  }

  private static Verdict retried(ModelJob job, Retry retry, JobState state, long nowMs) {
    long deadline = retry.deadline() == null ? job.deadlineMs : retry.deadline().toEpochMilli();
    if (!state.isFinal() || state == JobState.SUCCEEDED || deadline <= nowMs) {
      return Verdict.of(state);
    }
    job.deadlineMs = deadline;
    job.forgiven = job.failures;
    job.snoozes = 0;
    job.unhandledMs = 0;
    job.dueMs = nowMs;
    return new Verdict(MAY_START, false, false);
  }

  private static Verdict runNow(ModelJob job, JobRow before, long nowMs) {
    JobState state = before.state();
    if (state.isFinal() || before.status().dueMs() <= nowMs) {
      return Verdict.of(state);
    }
    job.dueMs = nowMs;
    return new Verdict(MAY_START, false, false);
  }

  static JobState ended(ModelJob job, Outcome outcome, long nowMs) {
    job.unhandledMs = 0;
    return switch (outcome) {
      case Outcome.Succeeded _ -> JobState.SUCCEEDED;
      case Outcome.Failed(_, var retryable) -> failed(job, retryable, nowMs);
      case Outcome.TimedOut _ -> failed(job, true, nowMs);
      case Outcome.Unhandled _ -> fail("no attempt has ended");
      case Outcome.Snoozed(var delay, _) -> {
        if (job.snoozes >= EngineRules.DEFAULT.snoozesMax()) {
          yield failed(job, true, nowMs);
        }
        job.snoozes++;
        job.dueMs = nowMs + Math.max(1, delay.toMillis());
        yield JobState.RETRYING;
      }
      case Outcome.Cancelled _ -> fail("a run was stopped, though nobody cancelled " + job);
      case Outcome.Lost _ -> fail("a worker says that it is lost");
      case Outcome.Parked _ -> JobState.RUNNING;
    };
  }

  private static JobState failed(ModelJob job, boolean retryable, long nowMs) {
    job.failures++;
    if (job.deadlineMs <= nowMs) {
      return JobState.EXPIRED;
    } else if (!retryable || job.failures >= job.granted()) {
      return JobState.DEAD;
    }
    long wait = job.spec.retry().backoff().after(job.id, job.failures - job.forgiven).toMillis();
    job.dueMs = nowMs + Math.max(1, wait);
    return JobState.RETRYING;
  }

  /** A queue that becomes limited sends its jobs to another shard, which knows no older ones. */
  private static List<Object> repeatKey(JobId id, JobSpec spec, Idempotency idempotency) {
    var key = spec.key();
    return List.of(id.shard(), spec.queue(), key == null ? "" : key.value(), idempotency.key());
  }

  /**
   * What a job may be afterwards.
   *
   * @param gone it must not be there
   * @param mayBeGone it need not be there
   */
  record Verdict(Set<JobState> states, boolean gone, boolean mayBeGone) {
    static Verdict of(JobState state) {
      return new Verdict(EnumSet.of(state), false, false);
    }

    void check(@Nullable JobRow after) {
      if (after == null) {
        assertTrue(mayBeGone, "the job is gone");
      } else {
        assertTrue(!gone, "the job is still there");
        assertTrue(
            states.contains(after.state()),
            () -> "Expected one of " + states + ", but got " + after.state());
      }
    }
  }
}
