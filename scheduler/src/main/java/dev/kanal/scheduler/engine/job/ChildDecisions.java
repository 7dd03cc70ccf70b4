package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.READY;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that handlers submit. The parent's shard remembers each by its name, so that a parent that
 * is run again submits it once, and brings it to its own shard through the outbox; that is also the
 * way of its cancel. Cancels and forgetting go child by child, left to the ticks.
 */
public final class ChildDecisions {
  /** Children that one job may have. */
  public static final int MAX = 1_000;

  /** Rows that one step of forgetting takes. */
  private static final int FORGOTTEN = 20;

  /** No name: what a walk has come to that forgets. */
  private static final String FORGET = "\0";

  private final Transitions transitions;

  public ChildDecisions(Transitions transitions) {
    this.transitions = transitions;
  }

  /** A run that does not count any more makes no children. */
  public void submit(Step step, SubmitChild submit) {
    JobRow parent = step.job(submit.run().job());
    ChildRow.Name name = new ChildRow.Name(submit.run().job(), submit.name());
    if (parent == null
        || parent.state().isFinal()
        || !parent.status().sent().isOpen(submit.run())
        || step.has(ChildRow.CHILDREN, name)) {
      return;
    }
    JobId child = submit.child();
    ChildRow.All known = step.get(ChildRow.ALL, parent.id());
    ChildRow.All all =
        known == null ? new ChildRow.All(child.createdAt().toEpochMilli(), 0) : known;
    if (all.count() >= MAX) {
      Reason why = Reason.TOO_MANY_CHILDREN;
      bring(step, child, new RefuseChild(child, submit.spec(), submit.trace(), why));
      return;
    }
    step.put(ChildRow.CHILDREN, name, new ChildRow(child, submit.detached()));
    step.put(ChildRow.ALL, parent.id(), new ChildRow.All(all.sinceMs(), all.count() + 1));
    bring(step, child, new Submit(child, submit.spec(), submit.trace()));
  }

  /** To itself, too, a shard speaks through its outbox: one step does not make two decisions. */
  private static void bring(Step step, JobId child, LogEntry entry) {
    step.relay(child.shard(), entry);
  }

  /**
   * A job that cannot be: it ends at once. One that is there is refused for want of its queue,
   * which may have come meanwhile.
   */
  public void refuse(Step step, RefuseChild refuse) {
    JobRow row = step.job(refuse.job());
    boolean waits =
        row == null || (row.status().waitsForQueue() && !step.has(READY, row.channel()));
    if (row == null) {
      long now = step.nowMs();
      row = JobRow.of(refuse.job(), refuse.spec(), refuse.trace(), now, now);
    }
    if (waits) {
      transitions.finish(step, Change.of(row), JobState.DEAD, refuse.why());
    }
  }

  /** The children of the jobs that this step has cancelled are to be cancelled. */
  public static void followEnds(Step step) {
    for (Effect effect : List.copyOf(step.effects())) {
      if (effect instanceof Effect.Ended(var job)) {
        JobRow row = step.job(job);
        if (row != null && row.state() == JobState.CANCELLED && step.has(ChildRow.ALL, job)) {
          step.put(ChildRow.WALKS, job, "");
          step.add(new Effect.Continue());
        }
      }
    }
  }

  /** With a parent that goes, its children's names go: a walk that goes on sees that at its end. */
  public static void jobChanged(Step step, @Nullable JobRow before, @Nullable JobRow after) {
    if (before != null && after == null && before.status().sent().dispatch() > 0) {
      forget(step, before.id());
    }
  }

  private static void forget(Step step, JobId parent) {
    if (step.has(ChildRow.ALL, parent)) {
      if (!step.has(ChildRow.WALKS, parent)) {
        step.put(ChildRow.WALKS, parent, FORGET);
      }
      step.add(new Effect.Continue());
    }
  }

  /** Cancels the next child of a cancelled job, or forgets some of a forgotten one. */
  public static void walk(Step step, JobId parent) {
    String reached = Objects.requireNonNull(step.get(ChildRow.WALKS, parent), "walk");
    if (reached.equals(FORGET)) {
      forgetSome(step, parent);
      return;
    }
    ChildRow.Name next = step.first(ChildRow.after(parent, reached));
    if (next != null) {
      ChildRow row = Objects.requireNonNull(step.get(ChildRow.CHILDREN, next), "child");
      if (!row.detached()) {
        bring(step, row.child(), new Cancel(row.child(), null));
      }
      step.put(ChildRow.WALKS, parent, next.name());
    } else if (step.job(parent) == null) {
      step.put(ChildRow.WALKS, parent, FORGET);
    } else {
      step.delete(ChildRow.WALKS, parent);
    }
  }

  private static void forgetSome(Step step, JobId parent) {
    if (step.deleteFirst(ChildRow.after(parent, ""), FORGOTTEN) < FORGOTTEN) {
      step.delete(ChildRow.ALL, parent);
      step.delete(ChildRow.WALKS, parent);
    }
  }
}
