package dev.kanal.scheduler.engine.member;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Retention;
import dev.kanal.common.log.FlowEntry.ForgetJobs;
import dev.kanal.common.log.MemberPlace;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.scheduler.engine.job.CommandDecisions;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Parcel;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.util.List;

/** Members go with their flow. */
final class Forgetting {
  private static final Retention NONE = new Retention(Duration.ZERO, Duration.ZERO);
  private static final long LATER_MS = Duration.ofMinutes(1).toMillis();

  private Forgetting() {}

  static void member(Step step, Parcel.Forget forget) {
    Parcel.StepOf of = new Parcel.StepOf(forget.flow(), forget.step());
    MemberTemplate template = step.get(Parcel.TEMPLATES, of);
    if (template == null) {
      return;
    }
    if (template.kind() != MemberTemplate.Kind.CHAIN) {
      MemberPlace place = new MemberPlace(step.shard(), forget.index(), 0);
      job(step, template.made().id(forget.flow(), forget.step(), place));
      return;
    }
    ChainRow.Key key = new ChainRow.Key(forget.flow(), forget.step(), forget.index());
    ChainRow row = step.get(ChainRow.TABLE, key);
    if (row != null) {
      for (JobId job : row.jobs()) {
        if (job.shard() == step.shard()) {
          job(step, job);
        } else {
          step.relay(job.shard(), new ForgetJobs(forget.flow(), List.of(job)));
        }
      }
      step.delete(ChainRow.TABLE, key);
    }
  }

  /**
   * A job of a flow goes. One of which a handler may still run, or that has not ended, since its
   * flow was given up, has nobody to tell any more, and goes later.
   */
  static void job(Step step, JobId id) {
    JobRow row = step.job(id);
    if (row == null) {
      return;
    }
    if (CommandDecisions.canBeForgotten(step, row)) {
      step.remove(row);
      return;
    }
    JobSpec alone = row.spec().withOwner(null).withRetention(NONE);
    step.save(
        row, new JobRow(row.id(), alone, row.trace(), row.createdMs(), row.status(), row.body()));
    step.arm(step.nowMs() + LATER_MS, TimerKind.RETENTION, id);
  }
}
