package dev.kanal.scheduler.engine.job;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.Run;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Keys;
import dev.kanal.scheduler.engine.row.Progress;
import dev.kanal.scheduler.engine.row.RowCodec;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
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
    Bytes key = ChildKeys.child(submit.run().job(), submit.name());
    if (parent == null || !isCurrent(parent, submit.run()) || step.get(key) != null) {
      return;
    }
    JobId child = submit.child();
    byte[] known = step.get(ChildKeys.children(parent.id()));
    ChildRow.All all =
        known == null
            ? new ChildRow.All(child.createdAt().toEpochMilli(), 0)
            : ChildRow.All.decode(known);
    if (all.count() >= MAX) {
      Reason why = Reason.TOO_MANY_CHILDREN;
      bring(step, child, new RefuseChild(child, submit.spec(), submit.trace(), why));
      return;
    }
    step.put(key, new ChildRow(child, submit.detached()).encode());
    step.put(
        ChildKeys.children(parent.id()), new ChildRow.All(all.sinceMs(), all.count() + 1).encode());
    bring(step, child, new Submit(child, submit.spec(), submit.trace()));
  }

  /** To itself, too, a shard speaks through its outbox: one step does not make two decisions. */
  private static void bring(Step step, JobId child, LogEntry entry) {
    step.relay(child.shard(), entry);
  }

  private static boolean isCurrent(JobRow row, Run run) {
    Progress.Sent sent = row.progress().sent();
    return !row.state().isFinal() && sent.dispatch() == run.dispatch() && !sent.isOver();
  }

  /**
   * A job that cannot be: it ends at once. One that is there is refused for want of its queue,
   * which may have come meanwhile.
   */
  public void refuse(Step step, RefuseChild refuse) {
    JobRow row = step.job(refuse.job());
    boolean waits =
        row == null || (row.progress().waitsForQueue() && step.get(Keys.ready(row.lane())) == null);
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
        if (row != null
            && row.state() == JobState.CANCELLED
            && step.get(ChildKeys.children(job)) != null) {
          step.put(ChildKeys.childWalk(job), RowCodec.encodeText(""));
          step.add(new Effect.Continue());
        }
      }
    }
  }

  /** With a parent that goes, its children's names go: a walk that goes on sees that at its end. */
  public static void jobChanged(Step step, @Nullable JobRow before, @Nullable JobRow after) {
    if (before != null && after == null && before.progress().sent().dispatch() > 0) {
      forget(step, before.id());
    }
  }

  private static void forget(Step step, JobId parent) {
    if (step.get(ChildKeys.children(parent)) != null) {
      if (step.get(ChildKeys.childWalk(parent)) == null) {
        step.put(ChildKeys.childWalk(parent), RowCodec.encodeText(FORGET));
      }
      step.add(new Effect.Continue());
    }
  }

  /** Cancels the next child of a cancelled job, or forgets some of a forgotten one. */
  public static void walk(Step step, JobId parent) {
    byte[] walk = Objects.requireNonNull(step.get(ChildKeys.childWalk(parent)), "walk");
    String reached = RowCodec.decodeText(walk);
    if (reached.equals(FORGET)) {
      forgetSome(step, parent);
      return;
    }
    Bytes next = next(step, parent, reached);
    if (next != null) {
      ChildRow row = ChildRow.decode(Objects.requireNonNull(step.get(next), "child"));
      if (!row.detached()) {
        bring(step, row.child(), new Cancel(row.child(), null));
      }
      step.put(ChildKeys.childWalk(parent), RowCodec.encodeText(ChildKeys.childName(next)));
    } else if (step.job(parent) == null) {
      step.put(ChildKeys.childWalk(parent), RowCodec.encodeText(FORGET));
    } else {
      step.delete(ChildKeys.childWalk(parent));
    }
  }

  private static @Nullable Bytes next(Step step, JobId parent, String after) {
    Bytes from =
        after.isEmpty() ? ChildKeys.firstChild(parent) : ChildKeys.childAfter(parent, after);
    List<Bytes> first = step.first(from, ChildKeys.childrenEnd(parent), 1);
    return first.isEmpty() ? null : first.getFirst();
  }

  private static void forgetSome(Step step, JobId parent) {
    List<Bytes> some =
        step.first(ChildKeys.firstChild(parent), ChildKeys.childrenEnd(parent), FORGOTTEN);
    some.forEach(step::delete);
    if (some.size() < FORGOTTEN) {
      step.delete(ChildKeys.children(parent));
      step.delete(ChildKeys.childWalk(parent));
    }
  }
}
