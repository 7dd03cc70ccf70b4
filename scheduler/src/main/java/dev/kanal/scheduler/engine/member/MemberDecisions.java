package dev.kanal.scheduler.engine.member;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowEntry.CancelMembers;
import dev.kanal.common.log.FlowEntry.ForgetJobs;
import dev.kanal.common.log.FlowEntry.ForgetMembers;
import dev.kanal.common.log.FlowEntry.ForgetStep;
import dev.kanal.common.log.FlowEntry.Members;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.MemberPlace;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.common.log.Shards;
import dev.kanal.common.template.Filling;
import dev.kanal.common.template.MemberValues;
import dev.kanal.common.template.Word;
import dev.kanal.scheduler.engine.job.CommandDecisions;
import dev.kanal.scheduler.engine.job.Ends;
import dev.kanal.scheduler.engine.job.Transitions;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Parcel;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.step.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides about members of flows where they live, each by a decision of its own. */
public final class MemberDecisions {
  /** Largest payload of a member. */
  private static final int PAYLOAD_MAX = 256 << 10;

  private final Shards shards;
  private final Transitions transitions;
  private final CommandDecisions commands;

  public MemberDecisions(Shards shards, Transitions transitions, CommandDecisions commands) {
    this.shards = shards;
    this.transitions = transitions;
    this.commands = commands;
  }

  public static void members(Step step, Members entry) {
    MemberTemplate template = entry.template();
    if (template != null) {
      step.put(Parcel.TEMPLATES, new Parcel.StepOf(entry.flow(), entry.step()), template);
    }
    entry
        .members()
        .forEach(
            each -> {
              Parcel.Member member = new Parcel.Member(entry.round(), each.index(), 0);
              add(step, new Parcel.Make(entry.flow(), entry.step(), member, each.item(), null));
            });
  }

  public static void cancel(Step step, CancelMembers entry) {
    for (int index : entry.indices()) {
      Parcel.Member member = new Parcel.Member(entry.round(), index, 0);
      add(step, new Parcel.Cancel(entry.flow(), entry.step(), member, entry.why()));
    }
  }

  public static void forget(Step step, ForgetMembers entry) {
    for (int index : entry.indices()) {
      add(step, new Parcel.Forget(entry.flow(), entry.step(), index));
    }
  }

  public static void forget(Step step, ForgetJobs entry) {
    entry.jobs().forEach(job -> add(step, new Parcel.ForgetJob(entry.flow(), job)));
  }

  public static void forget(Step step, ForgetStep entry) {
    add(step, new Parcel.ForgetStep(entry.flow(), entry.step()));
  }

  static void add(Step step, Parcel parcel) {
    step.put(Parcel.TABLE, step.nextNumber(), parcel);
  }

  /** Does what a parcel says. */
  public void parcel(Step step, long number) {
    Parcel parcel = step.get(Parcel.TABLE, number);
    step.delete(Parcel.TABLE, number);
    switch (parcel) {
      case null -> {}
      case Parcel.Make make -> make(step, make);
      case Parcel.Cancel cancel -> cancel(step, cancel);
      case Parcel.Forget forget -> Forgetting.member(step, forget);
      case Parcel.ForgetJob(_, var job) -> Forgetting.job(step, job);
      case Parcel.ForgetStep(var flow, var name) ->
          step.delete(Parcel.TEMPLATES, new Parcel.StepOf(flow, name));
    }
  }

  /**
   * A parcel that could not be decided about is dropped. A member that would have been made ends,
   * or the flow would wait for it for ever.
   */
  public static void drop(Step step, long number) {
    Parcel parcel = step.get(Parcel.TABLE, number);
    step.delete(Parcel.TABLE, number);
    if (parcel instanceof Parcel.Make(var flow, var name, var member, _, _)) {
      Owner owner =
          new Owner(
              flow, name, member.index(), member.stage(), member.round(), false, flow.shard());
      Ends.tell(step, owner, EndRow.ofNone(Reason.ENGINE_ERROR));
    }
  }

  private void make(Step step, Parcel.Make make) {
    MemberTemplate template =
        Objects.requireNonNull(
            step.get(Parcel.TEMPLATES, new Parcel.StepOf(make.flow(), make.step())),
            () -> "the template of step " + make.step() + " of flow " + make.flow());
    boolean chain = template.kind() == MemberTemplate.Kind.CHAIN;
    Making making = new Making(make, template, owner(step, make, template, chain));
    Filling<JsonBytes> payload = payload(make, template);
    switch (payload) {
      case Filling.Filled<JsonBytes>(JsonBytes json) ->
          submit(step, making, making.spec().withPayload(json));
      case Filling.Missing<JsonBytes> _ -> refuse(step, making, Reason.INPUT_MISSING);
      case Filling.TooLarge<JsonBytes> _ -> refuse(step, making, Reason.INPUT_TOO_LARGE);
    }
  }

  /** A member's job in the making. */
  private record Making(Parcel.Make make, MemberTemplate template, Owner owner) {
    /** Without payload, but for a job that brings its own. */
    JobSpec spec() {
      JobSpec spec =
          make.item() instanceof FlowItem.Whole(JobSpec whole)
              ? whole
              : template.stage(make.member().index(), make.member().stage()).job();
      return spec.withOwner(owner);
    }

    boolean isChain() {
      return template.kind() == MemberTemplate.Kind.CHAIN;
    }

    JobId id(int shard) {
      MemberPlace place = new MemberPlace(shard, make.member().index(), make.member().stage());
      return template.made().id(make.flow(), make.step(), place);
    }

    ChainRow.Key chain() {
      return new ChainRow.Key(make.flow(), make.step(), make.member().index());
    }
  }

  /** The shard that leads a chain hears of the ends of its stages, and has the next one made. */
  private static Owner owner(Step step, Parcel.Make make, MemberTemplate template, boolean chain) {
    int stage = make.member().stage();
    boolean last = !chain || stage == template.stages().size() - 1;
    return new Owner(
        make.flow(),
        make.step(),
        make.member().index(),
        stage,
        make.member().round(),
        last ? template.wants() : template.stages().get(stage + 1).payload().uses(Word.PREV),
        chain ? step.shard() : template.home());
  }

  private static Filling<JsonBytes> payload(Parcel.Make make, MemberTemplate template) {
    JsonBytes item = null;
    if (make.item() instanceof FlowItem.Whole(JobSpec whole)) {
      return new Filling.Filled<>(whole.payload());
    } else if (make.item() instanceof FlowItem.Value(JsonBytes json)) {
      item = json;
    }
    int index = make.member().index();
    return template
        .stage(index, make.member().stage())
        .payload()
        .atMember(new MemberValues(item, index, make.prev()), PAYLOAD_MAX);
  }

  private void submit(Step step, Making making, JobSpec spec) {
    int shard = step.shard();
    if (making.isChain()) {
      QueueRow queue = step.queue(spec.queue());
      shard = shards.ofJob(spec, queue == null ? null : queue.settings()).orElse(shard);
    }
    JobId id = making.id(shard);
    Reason stop = note(step, making, id);
    if (stop != null) {
      finish(step, making, JobState.CANCELLED, stop);
      return;
    }
    Submit submit = new Submit(id, spec, making.template.trace());
    if (shard == step.shard()) {
      commands.submit(step, submit);
    } else {
      step.relay(shard, submit);
    }
  }

  /** Keeps what a chain needs later. Answers why the member is to end instead, if it is. */
  private static @Nullable Reason note(Step step, Making making, JobId id) {
    if (!making.isChain()) {
      return null;
    }
    ChainRow before = step.get(ChainRow.TABLE, making.chain());
    Parcel.Make make = making.make;
    boolean kept = ChainDecisions.needsItem(making.template, make.member().stage());
    ChainRow row = before == null ? ChainRow.begin(kept ? make.item() : null) : before;
    boolean here = row.stop() != null;
    JobId job = here ? making.id(step.shard()) : id;
    step.put(ChainRow.TABLE, making.chain(), row.plus(job));
    return row.stop();
  }

  /** The job cannot be: it ends at once, so that users see why. */
  private void refuse(Step step, Making making, Reason why) {
    Reason stop = note(step, making, making.id(step.shard()));
    finish(step, making, JobState.DEAD, stop == null ? why : stop);
  }

  private void finish(Step step, Making making, JobState state, Reason why) {
    JobId id = making.id(step.shard());
    if (step.job(id) == null) {
      long now = step.nowMs();
      JobRow row = JobRow.of(id, making.spec(), making.template.trace(), now, now);
      transitions.finish(step, Change.of(row), state, why);
    }
  }

  private void cancel(Step step, Parcel.Cancel cancel) {
    ChainRow.Key chain = new ChainRow.Key(cancel.flow(), cancel.step(), cancel.member().index());
    MemberTemplate template =
        step.get(Parcel.TEMPLATES, new Parcel.StepOf(cancel.flow(), cancel.step()));
    if (template == null) {
      return;
    }
    if (template.kind() == MemberTemplate.Kind.CHAIN) {
      ChainDecisions.cancel(step, chain, cancel.why())
          .ifPresent(job -> cancelHere(step, job, cancel));
      return;
    }
    MemberPlace place = new MemberPlace(step.shard(), cancel.member().index(), 0);
    cancelHere(step, template.made().id(cancel.flow(), cancel.step(), place), cancel);
  }

  private void cancelHere(Step step, JobId job, Parcel.Cancel cancel) {
    commands.cancel(step, step.job(job), cancel.why());
  }
}
