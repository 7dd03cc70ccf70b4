package dev.kanal.scheduler.engine.member;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowEntry.Ended;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.MemberEnd;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.common.template.Word;
import dev.kanal.scheduler.engine.job.Ends;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.Parcel;
import dev.kanal.scheduler.engine.step.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leads members through the stages of their chains, in the shard where a member has its home. The
 * flow hears of a member's end only.
 */
public final class ChainDecisions {
  private ChainDecisions() {}

  /** Whether a stage behind this one refers to the item. */
  static boolean needsItem(MemberTemplate template, int stage) {
    return template.stages().stream()
        .skip(stage + 1)
        .anyMatch(each -> each.payload().uses(Word.ITEM));
  }

  /**
   * Goes on with the members of which a stage has ended. Answers the ends that the flow is to hear
   * of; null if there are none.
   */
  public static @Nullable Ended heard(Step step, Ended ended) {
    List<MemberEnd> others = new ArrayList<>();
    for (MemberEnd end : ended.ends()) {
      ChainRow.Key key = new ChainRow.Key(ended.flow(), ended.step(), end.index());
      JobId job = end.job();
      ChainRow row = job == null ? null : step.get(ChainRow.TABLE, key);
      if (row == null || job == null || !row.isOut(job)) {
        others.add(end);
      } else {
        stageEnded(step, new Heard(ended, key, row, end));
      }
    }
    return others.isEmpty() ? null : new Ended(ended.flow(), ended.step(), ended.round(), others);
  }

  /** The end of the stage that a member was at. */
  private record Heard(Ended ended, ChainRow.Key key, ChainRow row, MemberEnd end) {}

  private static void stageEnded(Step step, Heard heard) {
    MemberEnd end = heard.end;
    Ended ended = heard.ended;
    MemberTemplate template =
        step.get(Parcel.TEMPLATES, new Parcel.StepOf(ended.flow(), ended.step()));
    boolean goesOn =
        end.state() == JobState.SUCCEEDED
            && template != null
            && end.stage() + 1 < template.stages().size();
    if (goesOn) {
      step.put(ChainRow.TABLE, heard.key, heard.row.between());
      Parcel.Member next = new Parcel.Member(ended.round(), end.index(), end.stage() + 1);
      MemberDecisions.add(
          step, new Parcel.Make(ended.flow(), ended.step(), next, heard.row.item(), end.result()));
      return;
    }
    step.put(ChainRow.TABLE, heard.key, heard.row.ended());
    Owner owner =
        new Owner(
            ended.flow(),
            ended.step(),
            end.index(),
            end.stage(),
            ended.round(),
            end.result() != null,
            ended.flow().shard());
    EndRow told = new EndRow(end.job(), end.state(), end.reason(), owner.wants(), end.result());
    Ends.tell(step, owner, told);
  }

  /**
   * A member is to end. Answers its job if that is out in this shard; one in another shard is
   * cancelled there, and one that is between two stages ends at the next.
   */
  static Optional<JobId> cancel(Step step, ChainRow.Key key, Reason why) {
    ChainRow row = step.get(ChainRow.TABLE, key);
    if (row == null) {
      return Optional.empty();
    }
    step.put(ChainRow.TABLE, key, row.stopped(why));
    if (!row.out()) {
      return Optional.empty();
    }
    JobId job = row.jobs().getLast();
    if (job.shard() == step.shard()) {
      return Optional.of(job);
    }
    step.relay(job.shard(), new Cancel(job, why));
    return Optional.empty();
  }
}
