package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.ATTEMPTS;

import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobState;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Past.Kind;
import dev.kanal.common.task.Past.Wait;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the task of a traced job says of the time before it. */
final class WaitHistories {
  private WaitHistories() {}

  /**
   * The task with its past, below the span that began the job's present trace. A job whose trace is
   * not kept has none.
   *
   * @param before the job before it was sent
   */
  static Task describe(Step step, JobRow before, Task task) {
    Attempt last = before.status().tries().ended() == 0 ? null : last(step, before);
    AttemptTrace trace = last == null ? null : last.trace();
    if (trace == null && !TraceParents.isSampled(before.trace().traceparent())) {
      return task;
    }

    Past past =
        new Past(trace == null ? null : trace.span(), isApart(before), waits(step, before, last));
    String anchor = trace == null ? null : trace.anchor();
    return anchor == null || anchor.equals(task.trace().traceparent())
        ? task.withPast(past)
        : task.withTrace(new TraceContext(anchor, null, task.trace().baggage())).withPast(past);
  }

  static @Nullable Attempt last(Step step, JobRow row) {
    Attempt last = row.body().last();
    if (last != null) {
      return last;
    }
    return step.get(ATTEMPTS, new JobPart(row.id(), row.status().tries().ended() - 1));
  }

  /** Whether it is the first attempt of a schedule's job, or the first after a retry by a user. */
  private static boolean isApart(JobRow before) {
    JobStatus.Tries tries = before.status().tries();
    if (before.spec().tick() != null && tries.ended() == 0) {
      return true;
    }
    return before.state().isFinal()
        || (tries.forgiven() > 0 && tries.failures() == tries.forgiven() && tries.snoozes() == 0);
  }

  private static List<Wait> waits(Step step, JobRow before, @Nullable Attempt last) {
    List<Wait> waits = new ArrayList<>(2);
    if (before.state().isFinal()) {
      return waits;
    }
    long from = last == null ? before.createdMs() : last.finishedAt().toEpochMilli();
    long due = Math.min(before.status().dueMs(), step.nowMs());
    if (due > from) {
      waits.add(new Wait(last == null ? Kind.DELAY : Kind.RETRY, Instant.ofEpochMilli(from)));
      from = due;
    }
    if (before.state() == JobState.BLOCKED) {
      waits.add(new Wait(Kind.BLOCKED, Instant.ofEpochMilli(from)));
    }
    return waits;
  }
}
