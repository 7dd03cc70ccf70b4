package dev.kanal.scheduler.engine.shard;

import static dev.kanal.scheduler.engine.row.Tables.KEY_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.QUEUE_WALKS;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.FormatActivated;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Reschedule;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RetryChanged;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.log.LogFormat;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.bulkaction.BulkActionDecisions;
import dev.kanal.scheduler.engine.failure.FailureGroups;
import dev.kanal.scheduler.engine.flow.FlowDecisions;
import dev.kanal.scheduler.engine.flow.FlowTables.Turn;
import dev.kanal.scheduler.engine.job.ChangeDecisions;
import dev.kanal.scheduler.engine.job.ChildDecisions;
import dev.kanal.scheduler.engine.job.CommandDecisions;
import dev.kanal.scheduler.engine.job.Ends;
import dev.kanal.scheduler.engine.job.Gates;
import dev.kanal.scheduler.engine.job.LeaseDecisions;
import dev.kanal.scheduler.engine.job.OutcomeDecisions;
import dev.kanal.scheduler.engine.job.ParkDecisions;
import dev.kanal.scheduler.engine.job.QueueDecisions;
import dev.kanal.scheduler.engine.job.RelayDecisions;
import dev.kanal.scheduler.engine.job.Transitions;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.job.TypeDecisions;
import dev.kanal.scheduler.engine.joblog.LogDecisions;
import dev.kanal.scheduler.engine.member.ChainDecisions;
import dev.kanal.scheduler.engine.member.MemberDecisions;
import dev.kanal.scheduler.engine.member.NoticeDecisions;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.schedule.ScheduleDecisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Derived;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The engine's decision function: every input, and who decides about it. */
public final class Decisions implements Decider {
  private static final long KEEP_LONGER_MS = Duration.ofMinutes(1).toMillis();

  /** Rows that follow from those of jobs: kept up in this order. */
  public static final List<Derived> DERIVED =
      List.of(FailureGroups::jobChanged, LogDecisions::jobChanged, ChildDecisions::jobChanged);

  private final EngineRules rules;
  private final LogFormat reads;
  private final Transitions transitions;
  private final Gates gates;
  private final CommandDecisions commands;
  private final ChangeDecisions changes;
  private final OutcomeDecisions outcomes;
  private final ParkDecisions parks;
  private final LeaseDecisions leases;
  private final TypeDecisions types;
  private final QueueDecisions queues;
  private final ScheduleDecisions schedules;
  private final BulkActionDecisions bulks;
  private final ChildDecisions children;
  private final MemberDecisions members;
  private final FlowDecisions flows;

  public Decisions(EngineRules rules, Shards shards) {
    this(rules, shards, LogFormat.NEWEST);
  }

  /**
   * @param reads the newest format of entries that is decided about
   */
  public Decisions(EngineRules rules, Shards shards, LogFormat reads) {
    this.rules = rules;
    this.reads = reads;
    this.transitions = new Transitions(new Ends(shards));
    this.gates = new Gates(transitions);
    this.types = new TypeDecisions(gates);
    this.commands = new CommandDecisions(transitions, gates);
    this.changes = new ChangeDecisions(transitions, gates);
    this.children = new ChildDecisions(transitions);
    this.outcomes = new OutcomeDecisions(rules, transitions, gates);
    this.parks = new ParkDecisions(transitions, outcomes);
    this.leases = new LeaseDecisions(rules, transitions, gates, outcomes, parks);
    this.bulks = new BulkActionDecisions(shards);
    this.queues = new QueueDecisions(shards, leases);
    this.schedules = new ScheduleDecisions(shards);
    this.members = new MemberDecisions(shards, transitions, commands);
    this.flows = new FlowDecisions(shards);
  }

  @Override
  public void decide(Step step, Input input) {
    switch (input) {
      case Input.Entry(var entry) -> entry(step, entry);
      case Input.Resend(var job) -> resend(step, step.job(job));
      case Input.QueueWalk(var queue) -> {
        if (!gates.letThrough(step, queue)) {
          step.delete(QUEUE_WALKS, queue);
        }
      }
      case Input.KeyWalk(var queue, var key) -> {
        if (!gates.admitNext(step, queue, key)) {
          step.delete(KEY_WALKS, new Pair(queue, key));
        }
      }
      case Input.TypeWalk(var walk) -> types.walk(step, walk);
      case Input.Due(var kind, var job) -> {
        JobRow row = step.job(job);
        if (row != null) {
          due(step, kind, row);
        }
      }
      case Input.SubjectDue(var kind, var subject) -> subjectDue(step, kind, subject);
      case Input.ChildWalk(var job) -> ChildDecisions.walk(step, job);
      case Input.Move(var job, var queue) -> changes.move(step, step.job(job), queue);
      case Input.BulkActionTaken(var taken) -> BulkActionDecisions.taken(step, taken);
      case Input.Notice(var to) -> heard(step, NoticeDecisions.tell(step, to));
      case Input.FlowTurn(var number, var flow) -> flows.turn(step, new Turn(number, flow));
      case Input.MemberParcel(var number) -> members.parcel(step, number);
    }
    conclude(step);
  }

  /** What a change of jobs means to others: who waits for a permit, and children. */
  @Override
  public void conclude(Step step) {
    gates.passOn(step);
    ChildDecisions.followEnds(step);
  }

  private void entry(Step step, LogEntry entry) {
    switch (entry) {
      case LogEntry.Command command -> command(step, command);
      case LogEntry.WorkerEvent event -> event(step, event);
      case LogEntry.EngineEvent event -> event(step, event);
      case LogEntry.ScheduleEntry schedule -> schedules.decide(step, schedule);
      case LogEntry.BulkActionEntry bulk -> bulks.decide(step, bulk);
      case FlowEntry.FlowCommand command -> flows.command(step, command);
      case FlowEntry.MemberEntry member -> member(step, member);
      case Logged logged -> LogDecisions.logged(step, logged);
      case SubmitChild submit -> children.submit(step, submit);
      case RefuseChild refuse -> children.refuse(step, refuse);
    }
  }

  private void member(Step step, FlowEntry.MemberEntry entry) {
    switch (entry) {
      case FlowEntry.Members members -> MemberDecisions.members(step, members);
      case FlowEntry.CancelMembers cancel -> MemberDecisions.cancel(step, cancel);
      case FlowEntry.ForgetMembers forget -> MemberDecisions.forget(step, forget);
      case FlowEntry.ForgetJobs forget -> MemberDecisions.forget(step, forget);
      case FlowEntry.ForgetStep forget -> MemberDecisions.forget(step, forget);
      case FlowEntry.Ended ended -> heard(step, ended);
    }
  }

  /** Ends of stages are heard by whoever leads their chain, those of members by their flow. */
  private void heard(Step step, FlowEntry.@Nullable Ended ended) {
    FlowEntry.Ended ofMembers = ended == null ? null : ChainDecisions.heard(step, ended);
    if (ofMembers != null) {
      flows.ended(step, ofMembers);
    }
  }

  private void command(Step step, LogEntry.Command command) {
    switch (command) {
      case Submit submit -> commands.submit(step, submit);
      case Cancel(var job, var why) -> commands.cancel(step, step.job(job), why);
      case Retry(var job, var deadline) ->
          changes.retry(step, new RetryChanged(job, deadline, null, null));
      case RetryChanged retry -> changes.retry(step, retry);
      case Reschedule(var job, var start) -> changes.reschedule(step, step.job(job), start);
      case RunNow(var job) -> commands.runNow(step, step.job(job));
      case Delete(var job) -> commands.delete(step, step.job(job));
      case Complete complete -> parks.completed(step, complete);
      case PutQueue(var queue, var settings) -> queues.put(step, queue, settings);
      case DeleteQueue(var queue) -> queues.put(step, queue, null);
    }
  }

  private void event(Step step, LogEntry.WorkerEvent event) {
    switch (event) {
      case AskToRun(var run) -> leases.ask(step, run);
      case Leased leased -> leases.leased(step, leased);
      case Progressed progressed -> leases.progressed(step, progressed);
      case Finished finished when finished.outcome() instanceof Outcome.Parked parked ->
          parks.parked(step, finished, parked);
      case Finished finished -> outcomes.finished(step, finished);
      case Stopped(var run) -> leases.stopped(step, run);
      case Heartbeat(var worker) -> leases.seen(step, worker);
      case HeldLeases held -> leases.listed(step, held);
    }
  }

  private void event(Step step, LogEntry.EngineEvent event) {
    switch (event) {
      case Tick _ -> tick(step);
      case QueueReady ready -> queues.ready(step, ready);
      case QueueChanged changed -> queues.changed(step, changed);
      case DispatchFailed failed -> dispatchFailed(step, failed);
      case Drained drained -> leases.drained(step, drained);
      case TypesHandled handled -> types.changed(step, handled);
      case RelayDone done -> RelayDecisions.done(step, done);
      case RulesChanged(var next) -> {
        if (next > step.rules()) {
          step.setRules(next);
        }
      }
      case FormatActivated(var format) -> {
        if (format > step.meta().logFormat() && format <= reads.number()) {
          step.setMeta(step.meta().withLogFormat(format));
        }
      }
      case Relayed relayed -> {
        if (RelayDecisions.take(step, relayed)) {
          entry(step, relayed.entry());
        }
      }
    }
  }

  /** A gap between ticks means that the engine or Kafka was away: no lease is judged by it. */
  private void tick(Step step) {
    Meta meta = step.meta();
    boolean gap = meta.nowMs() - meta.tickMs() > rules.tickGap().toMillis();
    step.setMeta(meta.ticked(gap ? meta.nowMs() + rules.lease().toMillis() : meta.leaseGraceMs()));
  }

  private void dispatchFailed(Step step, DispatchFailed failed) {
    JobRow row = step.job(failed.job());
    if (row == null || row.status().sent().dispatch() != failed.dispatch()) {
      return;
    }
    if (row.status().lingers() && row.status().lease().worker() == null) {
      outcomes.runEnded(step, row);
    } else if (row.state() == JobState.QUEUED) {
      JobStatus blocked = row.status().blocked(Gate.QUEUE, step.meta());
      transitions.saved(step, Change.of(row).to(blocked));
      // Its permit is not passed on: the first to get it would be the same job, at once.
      var _ = step.takeFreed();
      Gates.sendAgainLater(step, row);
    }
  }

  private void resend(Step step, @Nullable JobRow row) {
    if (row != null && row.state() == JobState.QUEUED) {
      gates.send(step, Change.of(row));
    }
  }

  private void due(Step step, TimerKind kind, JobRow row) {
    switch (kind) {
      case START -> {
        boolean waits = row.state() == JobState.SCHEDULED || row.state() == JobState.RETRYING;
        if (waits && row.status().dueMs() <= step.nowMs()) {
          gates.send(step, Change.of(row));
        }
      }
      case DEADLINE -> {
        if (!row.state().isFinal() && row.isPast(step.nowMs())) {
          transitions.finish(step, Change.of(row), JobState.EXPIRED, null);
        }
      }
      case LEASE -> leases.leaseDue(step, row);
      case RETENTION -> retentionDue(step, row);
      case RATE, SCHEDULE, FORGET, NOTICE, FLOW ->
          throw new IllegalStateException("Expected a job's timer, but got one of " + kind);
    }
  }

  /** A job of a flow is kept as long as the flow, which says when that is over. */
  private static void retentionDue(Step step, JobRow row) {
    boolean kept = row.spec().owner() != null || row.keptUntilMs() > step.nowMs();
    if (!row.state().isFinal() || kept) {
      return;
    }
    if (CommandDecisions.canBeForgotten(step, row)) {
      step.remove(row);
    } else {
      step.arm(step.nowMs() + KEEP_LONGER_MS, TimerKind.RETENTION, row.id());
    }
  }

  private void subjectDue(Step step, TimerKind kind, String subject) {
    switch (kind) {
      case RATE -> Gates.lookAgain(step, subject);
      case SCHEDULE -> schedules.due(step, subject);
      case NOTICE -> Ends.due(step, EndRow.Address.ofSubject(subject));
      case FLOW -> flows.due(step, subject);
      case START, DEADLINE, LEASE, RETENTION, FORGET ->
          throw new IllegalStateException("Expected a queue's timer, but got one of " + kind);
    }
  }
}
