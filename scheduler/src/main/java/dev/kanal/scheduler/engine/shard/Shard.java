package dev.kanal.scheduler.engine.shard;

import static dev.kanal.scheduler.engine.row.Tables.COUNTS;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogFormat;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.flow.FlowDecisions;
import dev.kanal.scheduler.engine.flow.FlowTables;
import dev.kanal.scheduler.engine.job.Ends;
import dev.kanal.scheduler.engine.job.Gates;
import dev.kanal.scheduler.engine.job.RelayDecisions;
import dev.kanal.scheduler.engine.job.Transitions;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.member.MemberDecisions;
import dev.kanal.scheduler.engine.member.NoticeDecisions;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.row.Parcel;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.row.Timers;
import dev.kanal.scheduler.engine.step.BlockedHeads;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of the engine: reads the log record by record, decides, writes, and lets the
 * effects out. State is a pure function of the log's prefix. Belongs to one thread.
 *
 * <p>A decision that throws harms one job: its input goes to quarantine, the job becomes {@code
 * DEAD (engine-error)}, and the shard goes on.
 */
public final class Shard {
  private static final Logger log = LoggerFactory.getLogger(Shard.class);

  /** Rows that a step of a flow may change for each item that it counts as. */
  private static final int ROWS_AN_ITEM = 4;

  /** When a timer of something other than a job, whose decision failed, is tried again. */
  private static final long AGAIN_MS = 60_000;

  private final int number;
  private final Store store;
  private final EffectSink sink;
  private final Decider decider;
  private final EngineRules rules;
  private final Transitions transitions;
  private final Walks walks;
  private final FlowWork flowWork;
  private final Shards homes;
  private final Map<String, Counts> counts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> submitted = new ConcurrentHashMap<>();

  /** Queues whose counts by gate stand in no row yet, as release 0.1.0 wrote it. */
  private final List<String> uncounted = new ArrayList<>();

  private final BlockedHeads fronts = new BlockedHeads();
  private Meta meta;
  private long nextTimerMs;
  private long leases;
  private boolean bulks;
  private boolean flows; // may have left something to the ticks

  /** Rows that the last step changed. */
  private int changed;

  /** Whether a step left something over, and no tick has been read since. */
  private boolean more;

  /**
   * How a shard decides: the same on every node.
   *
   * @param homes where those live who learn of a job's end
   * @param reads the newest format of entries that is read
   */
  public record Deciding(Decider decider, EngineRules rules, Shards homes, LogFormat reads) {
    public Deciding(Decider decider, EngineRules rules, Shards homes) {
      this(decider, rules, homes, LogFormat.NEWEST);
    }
  }

  /**
   * Opens a shard.
   *
   * @throws NewerLogException if its log may have entries that cannot be read
   */
  public Shard(int number, Store store, EffectSink sink, Deciding deciding) {
    this.number = number;
    this.store = store;
    this.sink = sink;
    this.decider = deciding.decider;
    this.rules = deciding.rules;
    this.transitions = new Transitions(new Ends(deciding.homes));
    this.walks = new Walks(store, this::run);
    this.flowWork = new FlowWork(store, this::runForFlow);
    this.homes = deciding.homes;
    this.meta = Meta.of(store);
    if (meta.logFormat() > deciding.reads.number()) {
      throw new NewerLogException(number, meta.logFormat(), deciding.reads);
    }
    store.scan(COUNTS, this::loadCounts);
    nextTimerMs = firstTimerMs();
    bulks = walks.hasBulks();
    flows = !flowWork.isEmpty();
    more = flows || !walks.isEmpty();
  }

  public long appliedOffset() {
    return meta.offset();
  }

  /** The number of the format that the log may have from the next record on. */
  public int logFormat() {
    return meta.logFormat();
  }

  /** The time of the log at that offset. */
  public long nowMs() {
    return meta.nowMs();
  }

  /** The queues of which there are or were jobs; grows, and may be read by any thread. */
  public Set<String> queues() {
    return Collections.unmodifiableSet(counts.keySet());
  }

  /** How many jobs have come new to the queue since the shard was opened; for any thread. */
  public long submitted(String queue) {
    LongAdder mine = submitted.get(queue);
    return mine == null ? 0 : mine.sum();
  }

  /** Applies the record at {@code offset}; what was applied before is skipped. */
  public void apply(byte @Nullable [] record, long offset, long timeMs) {
    if (offset <= meta.offset()) {
      return;
    }
    meta = meta.at(offset, Math.max(meta.nowMs(), timeMs));
    uncounted.forEach(queue -> count(queue, new Counts()));
    uncounted.clear();
    byte[] bytes = record == null ? new byte[0] : record;
    LogEntry entry = read(bytes);
    if (entry instanceof Tick) {
      more = false;
    }
    if (entry != null) {
      run(new Input.Entry(entry), bytes);
      if (entry instanceof Tick) {
        tick();
      }
    }
    more |= flows;
    store.put(Tables.META, meta.encode());
    if (more) {
      sink.accept(new Effect.Continue());
    }
  }

  /**
   * When the next tick is wanted: the time of the first timer, at once if a step left something
   * over, within a second while a lease is held or a bulk action goes on.
   */
  public long nextTickMs() {
    long next = more ? 0 : nextTimerMs;
    return leases > 0 || bulks
        ? Math.min(next, meta.tickMs() + rules.tickGap().toMillis() / 2)
        : next;
  }

  private @Nullable LogEntry read(byte[] bytes) {
    try {
      LogEntry entry = LogCodec.decode(bytes);
      if (entry instanceof Submit submit && submit.job().shard() != number) {
        throw new UnreadableException(
            "Expected a job of shard " + number + ", but found one of " + submit.job().shard());
      }
      return entry;
    } catch (UnreadableException e) {
      sink.quarantine(bytes, reason(e));
      LogCodec.unreadRelay(bytes).ifPresent(this::skip);
      return null;
    }
  }

  /** The sender's next entries are waited for, though this one could not be read. */
  private void skip(LogCodec.Relay relay) {
    Step step = step();
    if (RelayDecisions.take(step, relay.from(), relay.sequence())) {
      write(step);
    }
  }

  /** Handles what is due and what is left to the ticks, up to the bounds of one step. */
  private void tick() {
    boolean idle = walks.isEmpty();
    int forTimers = idle && !flows ? rules.itemsMax() : rules.itemsMax() / 2;
    int unused = fireTimers(forTimers);
    boolean fired = unused < forTimers;
    int left = rules.itemsMax() - forTimers + unused;
    int forFlows = flows ? left / 2 : 0;
    boolean none = idle && !fired;
    int forWalks = none ? left - forFlows : walks.serve(left - forFlows);
    bulks = !idle && walks.hasBulks();
    more |= unused <= 0 || forWalks <= 0 || bulks;
    if (flows) {
      flowWork.serve(forFlows + forWalks);
      flows = !flowWork.isEmpty();
    }
    nextTimerMs = firstTimerMs();
  }

  private int runForFlow(Input input, byte[] raw) {
    var _ = run(input, raw);
    return 1 + changed / ROWS_AN_ITEM;
  }

  private int fireTimers(int atMost) {
    Bytes from = Timers.first(meta.timerMs());
    Bytes to = Timers.first(meta.nowMs() + 1);
    if (from.compareTo(to) >= 0) {
      return atMost;
    }
    List<Bytes> timers = new ArrayList<>();
    List<Fired> due = new ArrayList<>();
    store.scan(
        from,
        to,
        (key, value) -> {
          timers.add(key);
          addDue(due, key, value);
          return due.size() < atMost;
        });
    boolean all = due.size() < atMost;
    meta = meta.firedBefore(all ? meta.nowMs() + 1 : Timers.dueMs(timers.getLast()));
    timers.forEach(store::delete);
    due.forEach(each -> run(each.input, each.timer.get()));
    return Math.max(0, atMost - due.size());
  }

  private static void addDue(List<Fired> due, Bytes timer, byte[] value) {
    TimerKind kind = Timers.kind(timer);
    if (kind == TimerKind.FORGET) {
      for (JobId job : Timers.jobs(value)) {
        due.add(new Fired(timer, new Input.Due(TimerKind.RETENTION, job)));
      }
    } else if (kind.isOfJob()) {
      due.add(new Fired(timer, new Input.Due(kind, Timers.job(timer))));
    } else {
      due.add(new Fired(timer, new Input.SubjectDue(kind, Timers.subject(timer))));
    }
  }

  private record Fired(Bytes timer, Input input) {}

  /** Answers whether it could be decided. */
  private boolean run(Input input, byte[] raw) {
    Step step = step();
    boolean decided = false;
    try {
      decider.decide(step, input);
      decided = true;
    } catch (RuntimeException e) {
      log.error("Expected to decide at {} ({}), but it failed", meta.offset(), input.job(), e);
      sink.quarantine(raw, reason(e));
      step = giveUp(input);
    }
    write(step);
    return decided;
  }

  /**
   * A step that does no more than what has to be done about an input that failed. If that fails,
   * too, less is tried: who waits for what the job gives up is left to the ticks; at last the input
   * counts as read, and nothing more.
   */
  private Step giveUp(Input input) {
    try {
      Step step = end(input);
      decider.conclude(step);
      return step;
    } catch (RuntimeException e) {
      log.error("Expected to end job {}, but others could not be told", input.job(), e);
    }
    try {
      Step step = isOfFlow(input) ? abandon(input) : end(input);
      step.takeFreed().forEach(row -> Gates.leaveToTicks(step, row));
      return step;
    } catch (RuntimeException e) {
      log.error("Expected to end job {}, but it stays as it is", input.job(), e);
    }
    Step step = step();
    var _ = taken(step, input);
    return step;
  }

  /** Moves on what stands behind the input, whatever becomes of it; null if it was read before. */
  private static @Nullable Input taken(Step step, Input input) {
    if (input instanceof Input.Entry(Relayed relayed)) {
      return RelayDecisions.take(step, relayed) ? new Input.Entry(relayed.entry()) : null;
    }
    long againMs = step.nowMs() + AGAIN_MS;
    switch (input) {
      case Input.SubjectDue(var kind, var subject) -> step.arm(againMs, kind, subject);
      // A tick will come then, and with it the walk.
      case Input.KeyWalk(var queue, _) -> step.arm(againMs, TimerKind.RATE, queue);
      case Input.QueueWalk(var queue) -> step.arm(againMs, TimerKind.RATE, queue);
      case Input.TypeWalk(var walk) -> step.arm(againMs, TimerKind.RATE, walk.channel().queue());
      case Input.ChildWalk(var job) -> step.arm(againMs, TimerKind.RETENTION, job);
      case Input.Notice(var to) -> step.delete(EndRow.NOTICES, to);
      case Input.FlowTurn(var turn, var flow) ->
          step.delete(FlowTables.TURNS, new FlowTables.Turn(turn, flow));
      case Input.MemberParcel(var parcel) -> step.delete(Parcel.TABLE, parcel);
      case Input.Entry _, Input.Due _, Input.Resend _, Input.Move _, Input.BulkActionTaken _ -> {}
    }
    return input;
  }

  /** Ends the input's job if it has one, and sees to it that its successors are not held up. */
  private Step end(Input input) {
    Step step = step();
    if (input instanceof Input.MemberParcel(var parcel)) {
      MemberDecisions.drop(step, parcel);
      return step;
    }
    if (input instanceof Input.Notice(var to)) {
      NoticeDecisions.tellBare(step, to);
      return step;
    }
    Input mine = taken(step, input);
    if (mine == null || mine instanceof Input.ChildWalk) {
      return step;
    }
    JobId flow = flowOf(mine);
    if (flow != null) {
      endFlow(step, mine, flow);
      return step;
    }
    JobId id = mine.job();
    JobRow row = id == null ? null : step.job(id);
    if (row == null && mine instanceof Input.Entry(Submit submit)) {
      long now = meta.nowMs();
      row = JobRow.of(submit.job(), submit.spec(), submit.trace(), now, now);
    }
    if (row != null && !row.state().isFinal()) {
      transitions.finish(step, Change.of(row), JobState.DEAD, Reason.ENGINE_ERROR);
    }
    return step;
  }

  /** The flow that an input is about, in its home; null if it is about none. */
  private static @Nullable JobId flowOf(Input input) {
    return switch (input) {
      case Input.FlowTurn(_, var flow) -> flow;
      case Input.SubjectDue(var kind, var subject) ->
          kind == TimerKind.FLOW ? FlowDecisions.flowOf(subject) : null;
      case Input.Entry(FlowEntry.FlowCommand command) -> command.flow();
      case Input.Entry(FlowEntry.Ended ended) -> ended.flow();
      case Input.Entry _, Input.Due _, Input.Resend _, Input.Move _, Input.BulkActionTaken _ ->
          null;
      case Input.QueueWalk _, Input.KeyWalk _, Input.TypeWalk _, Input.ChildWalk _ -> null;
      case Input.Notice _, Input.MemberParcel _ -> null;
    };
  }

  private static boolean isOfFlow(Input input) {
    return switch (input) {
      case Input.Entry(Relayed relayed) -> flowOf(new Input.Entry(relayed.entry())) != null;
      case Input.Entry _,
          Input.Due _,
          Input.Resend _,
          Input.Move _,
          Input.BulkActionTaken _,
          Input.QueueWalk _,
          Input.KeyWalk _,
          Input.TypeWalk _,
          Input.ChildWalk _,
          Input.SubjectDue _,
          Input.FlowTurn _,
          Input.Notice _,
          Input.MemberParcel _ ->
          flowOf(input) != null;
    };
  }

  /** Ends that could not be counted are lost: the flow would wait for them for ever. */
  private void endFlow(Step step, Input input, JobId flow) {
    if (input instanceof Input.Entry(FlowEntry.StartFlow start)) {
      FlowDecisions.refuse(step, start);
    } else if (input instanceof Input.Entry(FlowEntry.Ended _)) {
      FlowDecisions.abandon(step, flow);
    } else {
      FlowDecisions.fail(step, flow, homes);
    }
  }

  /** Its flow has failed, and nothing else is decided about it. */
  private Step abandon(Input input) {
    Step step = step();
    Input mine = taken(step, input);
    JobId flow = mine == null ? null : flowOf(mine);
    if (flow != null) {
      FlowDecisions.abandon(step, flow);
    }
    return step;
  }

  private Step step() {
    return new Step(number, store, meta, fronts, Decisions.DERIVED);
  }

  private void write(Step step) {
    meta = step.meta();
    fronts.moveTo(step.further());
    changed = step.changes().size();
    step.changes()
        .forEach(
            (key, value) -> {
              if (value == null) {
                store.delete(key);
              } else {
                store.put(key, value);
                bulks |= Letter.BULK_WALK.isOf(key);
                flows |= Letter.isOfFlows(key);
                nextTimerMs = Math.min(nextTimerMs, Timers.dueOrNever(key));
              }
            });
    step.countChanges().forEach(this::count);
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Continue) {
        more = true;
      } else {
        sink.accept(effect);
      }
    }
  }

  private void count(String queue, Counts change) {
    Counts mine = counts.computeIfAbsent(queue, _ -> new Counts());
    leases -= held(mine);
    mine.addAll(change);
    leases += held(mine);
    store.put(COUNTS, queue, mine);
    if (change.submitted() > 0) {
      submitted.computeIfAbsent(queue, _ -> new LongAdder()).add(change.submitted());
    }
  }

  private static long held(Counts queue) {
    return queue.of(JobState.RUNNING) + queue.lingering();
  }

  private boolean loadCounts(String queue, Counts loaded) {
    if (!loaded.gatesKnown()) {
      loaded.countGates(store, queue);
      uncounted.add(queue);
    }
    counts.put(queue, loaded);
    leases += held(loaded);
    return true;
  }

  private long firstTimerMs() {
    Long first = store.first(Timers.from(meta.timerMs()));
    return first == null ? Long.MAX_VALUE : first;
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
