package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.StepKind;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.scheduler.engine.flow.MemberBits.Place;
import dev.kanal.scheduler.engine.row.QueueRow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where members of a flow live. Belongs to one decision. */
final class Places {
  private final OpenFlow flow;

  Places(OpenFlow flow) {
    this.flow = flow;
  }

  /**
   * Where a member that is being made lives: where its key or its queue has its home, else with its
   * flow or, if there may be many, spread over all shards. A place that does not follow from the
   * number is noted, since queues change.
   */
  int choose(int number, int index, @Nullable FlowItem item, MemberTemplate template) {
    int usual = usual(number, index);
    JobSpec job =
        switch (template.kind()) {
          case CHAIN -> null;
          case WHOLE -> item instanceof FlowItem.Whole(JobSpec whole) ? whole : null;
          case SINGLE, BRANCHES -> template.stage(index, 0).job();
        };
    if (job == null) {
      return usual;
    }
    QueueRow queue = flow.step.queue(job.queue());
    OptionalInt must = flow.shards.ofJob(job, queue == null ? null : queue.settings());
    if (must.isPresent() && must.getAsInt() != usual) {
      MemberBits members = flow.members(number, index);
      members.setPlace(index, new Place(must.getAsInt(), 0));
      flow.put(number, index, members);
    }
    return must.orElse(usual);
  }

  /** Where a member lives that has been made; of a chain, which shard leads it. */
  int of(int number, int index) {
    if (kind(flow.graph().step(number).kind()) == MemberTemplate.Kind.CHAIN) {
      return usual(number, index);
    }
    Place noted = flow.members(number, index).place(index);
    return noted == null ? usual(number, index) : noted.shard();
  }

  private int usual(int number, int index) {
    return usual(flow.graph().step(number).kind(), flow.home(), index, flow.shards.count());
  }

  /** Where a member lives if neither a key nor a limited queue says otherwise. */
  static int usual(StepKind kind, int home, int index, int shards) {
    return switch (kind) {
      case StepKind.Map _, StepKind.Group _ -> (int) ((home + (long) index) % shards);
      case StepKind.Job _, StepKind.Race _, StepKind.Wait _ -> home;
    };
  }

  static MemberTemplate.Kind kind(StepKind kind) {
    return switch (kind) {
      case StepKind.Job _, StepKind.Wait _ -> MemberTemplate.Kind.SINGLE;
      case StepKind.Map(_, _, List<JobSpec> chain) ->
          chain.size() == 1 ? MemberTemplate.Kind.SINGLE : MemberTemplate.Kind.CHAIN;
      case StepKind.Group _ -> MemberTemplate.Kind.WHOLE;
      case StepKind.Race _ -> MemberTemplate.Kind.BRANCHES;
    };
  }

  /** The jobs of a race: a member's number is its place among these. */
  static List<JobSpec> jobs(List<StepKind.Branch> branches) {
    List<JobSpec> jobs = new ArrayList<>();
    for (StepKind.Branch branch : branches) {
      if (branch.kind() instanceof StepKind.Job(JobSpec job)) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  /** The branch whose job is the member of this number. */
  static int branch(List<StepKind.Branch> branches, int index) {
    int left = index;
    for (int i = 0; i < branches.size(); i++) {
      if (branches.get(i).kind() instanceof StepKind.Job && left-- == 0) {
        return i;
      }
    }
    throw new IllegalStateException("Expected a branch with job " + index + ", but none has it");
  }
}
