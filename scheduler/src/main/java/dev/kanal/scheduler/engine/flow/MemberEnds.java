package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowTemplates;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.plan.FlowEvent;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowEntry.Ended;
import dev.kanal.common.log.MemberEnd;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.flow.FlowTables.Result;
import dev.kanal.scheduler.engine.flow.FlowTables.Results;
import dev.kanal.scheduler.engine.flow.MemberBits.End;
import dev.kanal.scheduler.engine.flow.MemberBits.Place;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the ends of members. A member is counted when its bits change from 0, so a second report
 * of it would change nothing. Belongs to one decision.
 */
final class MemberEnds {
  /** Shards' clocks differ by less than this: their time is that of the brokers. */
  private static final long CLOCKS_MS = 1_000;

  private final OpenFlow flow;
  private final int number;
  private final StepKind kind;
  private final StepRow row;
  private int succeeded;
  private int failed;
  private boolean byDeadline;

  MemberEnds(OpenFlow flow, int number) {
    this.flow = flow;
    this.number = number;
    this.kind = flow.graph().step(number).kind();
    this.row = flow.change(number);
  }

  /** Whether the flow needs results of a step's members. */
  static boolean areResultsWanted(OpenFlow flow, int number) {
    boolean used = FlowTemplates.resultsUsed(flow.spec()).contains(flow.name(number));
    return used
        && switch (flow.graph().step(number).kind()) {
          case StepKind.Job _, StepKind.Race _ -> true;
          case StepKind.Map(_, FanOut fanOut, _) -> fanOut.collect();
          case StepKind.Group(_, FanOut fanOut) -> fanOut.collect();
          case StepKind.Wait _ -> false;
        };
  }

  /** Counts them. Answers what is wrong; null if nothing is. */
  @Nullable FlowEvent count(Ended ended) {
    for (MemberEnd end : ended.ends()) {
      if (end.index() < row.next) {
        count(end);
      }
    }
    int more = succeeded + failed;
    if (more > 0) {
      row.counts = flow.known(number).withEnded(succeeded, failed, byDeadline);
      flow.row.openMembers -= more;
      flow.due(number);
    }
    return row.collected > FlowValues.collectMax()
        ? new FlowEvent.StepFailed(number, FlowReason.COLLECT_TOO_LARGE)
        : null;
  }

  private void count(MemberEnd end) {
    MemberBits members = flow.members(number, end.index());
    if (members.end(end.index()) != End.NONE) {
      return;
    }
    switch (end.state()) {
      case SUCCEEDED -> {
        members.set(end.index(), End.SUCCEEDED);
        succeeded++;
        keep(end);
      }
      case DEAD -> {
        members.set(end.index(), End.FAILED);
        failed++;
      }
      case CANCELLED, EXPIRED, SCHEDULED, BLOCKED, QUEUED, RUNNING, RETRYING -> {
        members.set(end.index(), End.OTHER);
        failed++;
        byDeadline |= end.state() == JobState.EXPIRED && isPast();
      }
    }
    notePlace(members, end);
    flow.put(number, end.index(), members);
  }

  /** Of a chain it is noted where it ended, unless that was with its last stage and at home. */
  private void notePlace(MemberBits members, MemberEnd end) {
    JobId job = end.job();
    if (job == null || Places.kind(kind) != MemberTemplate.Kind.CHAIN) {
      return;
    }
    int usual = Places.usual(kind, flow.home(), end.index(), flow.shards.count());
    boolean last = kind instanceof StepKind.Map map && end.stage() == map.chain().size() - 1;
    if (!last || job.shard() != usual) {
      members.setPlace(end.index(), new Place(job.shard(), end.stage()));
    }
  }

  /** Whether the deadline that the flow gave the step's jobs has come. */
  private boolean isPast() {
    Instant deadline = flow.row.status.deadlineOf(flow.graph().step(number));
    return deadline != null && flow.step.nowMs() + CLOCKS_MS >= deadline.toEpochMilli();
  }

  private void keep(MemberEnd end) {
    boolean first = true;
    if (kind instanceof StepKind.Race(List<StepKind.Branch> branches)) {
      first = row.winner < 0;
      row.winner = first ? Places.branch(branches, end.index()) : row.winner;
    }
    JsonBytes result = end.result();
    if (result == null || !first) {
      return;
    }
    boolean many = kind instanceof StepKind.Map || kind instanceof StepKind.Group;
    if (many) {
      row.collected += result.length() + 1;
      if (row.collected > FlowValues.collectMax()) {
        return;
      }
    }
    Part part = new Part(flow.id, number, many ? MemberBits.row(end.index()) : 0);
    Results before = flow.step.get(FlowTables.RESULTS, part);
    Results all = before == null ? new Results(List.of()) : before;
    flow.step.put(FlowTables.RESULTS, part, all.plus(new Result(end.index(), result)));
  }
}
