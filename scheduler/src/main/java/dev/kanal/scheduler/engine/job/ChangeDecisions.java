package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.PAYLOADS;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.RetryChanged;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What users ask of a job that is to go on otherwise: another time, payload, deadline or queue. As
 * with {@link CommandDecisions}, what cannot be done changes nothing.
 */
public final class ChangeDecisions {
  private final Transitions transitions;
  private final Gates gates;

  public ChangeDecisions(Transitions transitions, Gates gates) {
    this.transitions = transitions;
    this.gates = gates;
  }

  /**
   * A job that ended without success is run again; the attempts that it had stay. One of a flow is
   * run again with the flow, which would not hear of its second end otherwise.
   */
  public void retry(Step step, RetryChanged retry) {
    JobRow row = step.job(retry.job());
    if (row == null
        || row.spec().owner() != null
        || !row.state().isFinal()
        || row.state() == JobState.SUCCEEDED) {
      return;
    }
    Instant deadline = retry.deadline();
    JobRow next = deadline == null ? row : row.withDeadline(deadline);
    String queue = retry.queue() == null ? row.spec().queue() : retry.queue();
    if (next.isPast(step.nowMs())
        || isGone(step, queue)
        || !canGo(step, row, queue)
        || lingersElsewhere(row, queue)) {
      return;
    }
    next = next.withQueue(queue);
    JsonBytes payload = retry.payload();
    if (payload != null) {
      next = next.withPayload(payload);
      if (next.body().payloadApart()) {
        step.put(PAYLOADS, row.id(), payload);
      } else if (row.body().payloadApart()) {
        step.delete(PAYLOADS, row.id());
      }
    }
    JobStatus again = next.status().again(step.nowMs()).commanded(step.meta().offset());
    gates.enter(step, new Change(row, next.with(again), null));
  }

  /**
   * A job that waits gets another time. One that waits for its key keeps its place in that line;
   * one whose task may be out with a worker cannot be held back any more.
   */
  public void reschedule(Step step, @Nullable JobRow row, StartTime start) {
    if (row == null) {
      return;
    }
    long dueMs = CommandDecisions.startMs(start, step.nowMs());
    Instant deadline = row.spec().deadline();
    if (deadline != null && deadline.toEpochMilli() <= Math.max(dueMs, step.nowMs())) {
      return;
    }
    JobStatus status = row.status().commanded(step.meta().offset());
    Change change = new Change(row, row.withStart(Instant.ofEpochMilli(dueMs)).with(status), null);
    switch (row.state()) {
      case SCHEDULED, RETRYING -> wait(step, change, row.state(), dueMs);
      case BLOCKED -> {
        if (status.waitsForKey()) {
          transitions.saved(step, change.to(status.due(dueMs).changed()));
        } else if (status.sent().isOver()) {
          JobState next = status.tries().ended() > 0 ? JobState.RETRYING : JobState.SCHEDULED;
          wait(step, change, next, dueMs);
        }
      }
      case QUEUED, RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED -> {}
    }
  }

  private void wait(Step step, Change change, JobState until, long dueMs) {
    if (dueMs > step.nowMs()) {
      transitions.saved(step, change.to(change.row().status().waiting(until, dueMs, step.nowMs())));
    } else if (change.before().state() == JobState.BLOCKED) {
      transitions.kept(step, change); // due already, and in line
    } else {
      gates.send(step, change.to(change.row().status().due(dueMs)));
    }
  }

  /**
   * A job that waits goes to another queue, with its id, its attempts and its time. What stands in
   * a channel is taken back as by a cancel: a worker that has just begun with it is interrupted.
   */
  public void move(Step step, @Nullable JobRow row, String queue) {
    if (row == null || row.spec().queue().equals(queue) || !canGo(step, row, queue)) {
      return;
    }
    JobStatus status = row.status().commanded(step.meta().offset());
    Change moved = new Change(row, row.withQueue(queue).with(status), null);
    switch (row.state()) {
      case SCHEDULED, RETRYING -> {
        if (!status.lingers()) {
          transitions.saved(step, moved.to(status.changed()));
        }
      }
      case BLOCKED, QUEUED -> {
        boolean out = !status.sent().isOver();
        boolean limited = out && Gates.holdsPermit(row, step.queue(row.spec().queue()));
        if (!limited && !status.lingers() && status.gate() != Gate.RUN) {
          if (out) {
            Transitions.cancelRun(step, row);
            step.add(new Effect.Settled(row.id(), status.sent().dispatch()));
          }
          gates.send(step, moved.to(status.runEnded()));
        }
      }
      case RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED -> {}
    }
  }

  /**
   * Whether a job may be of this queue in the shard where it is. Keys, idempotency keys and limits
   * are kept by one shard each, which their queue's name chooses, and a job cannot leave its shard.
   */
  private static boolean canGo(Step step, JobRow row, String queue) {
    QueueRow there = step.queue(queue);
    boolean limited = there != null && there.settings() != null && there.settings().limited();
    return row.spec().queue().equals(queue)
        || (row.spec().key() == null && row.spec().idempotency() == null && !limited);
  }

  /** By the first rules a deleted queue was not created again for a retry. */
  private static boolean isGone(Step step, String queue) {
    QueueRow known = step.queue(queue);
    return step.rules() == 1 && known != null && known.isDeleted();
  }

  /** The run before, whose end the queue that it was of has to see. */
  private static boolean lingersElsewhere(JobRow row, String queue) {
    return !row.spec().queue().equals(queue) && row.status().lingers();
  }
}
