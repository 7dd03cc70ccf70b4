package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.FlowCheck;
import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.plan.FlowFacts;
import dev.kanal.common.flow.plan.FlowTimer;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.flow.plan.StepStates;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.flow.FlowTables.Definition;
import dev.kanal.scheduler.engine.flow.FlowTables.Named;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.flow.FlowTables.StepKey;
import dev.kanal.scheduler.engine.flow.FlowTables.Turn;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A flow while one decision changes it. What has changed is written by {@link #save()}. */
final class OpenFlow implements FlowFacts {
  /** The timer of the end of a flow's retention. */
  static final FlowTimer RETENTION = new FlowTimer(-2, 0);

  /** The timer of a flow that could not make members, as the outbox was full. */
  static final FlowTimer STALLED = new FlowTimer(-3, 0);

  /** How long a flow waits for room in the outbox. */
  static final long STALLED_MS = 50;

  final Step step;
  final JobId id;
  final FlowRow row;
  final Shards shards;
  private final Map<Integer, StepRow> steps = new HashMap<>();
  private final Map<Part, MemberBits> members = new HashMap<>();

  /** Steps that would make members if the outbox had room. */
  private final BitSet stalled = new BitSet();

  private @Nullable Definition definition;
  private boolean gone;
  private @Nullable FlowGraph graph;

  OpenFlow(Step step, JobId id, FlowRow row, Shards shards) {
    this.step = step;
    this.id = id;
    this.row = row;
    this.shards = shards;
  }

  /** As the store has it; null if there is none. */
  static @Nullable OpenFlow of(Step step, JobId id, Shards shards) {
    FlowRow row = step.get(FlowTables.FLOWS, id);
    return row == null ? null : new OpenFlow(step, id, row, shards);
  }

  Instant now() {
    return Instant.ofEpochMilli(step.nowMs());
  }

  int home() {
    return id.shard();
  }

  Definition definition() {
    Definition known = definition;
    if (known == null) {
      known =
          Objects.requireNonNull(
              step.get(FlowTables.DEFINITIONS, id), () -> "the definition of flow " + id);
      definition = known;
    }
    return known;
  }

  FlowSpec spec() {
    return definition().spec();
  }

  FlowGraph graph() {
    FlowGraph known = graph;
    if (known == null) {
      known = FlowGraph.of(spec());
      graph = known;
    }
    return known;
  }

  String name(int number) {
    return graph().step(number).name();
  }

  StepRow read(int number) {
    return steps.computeIfAbsent(
        number,
        _ -> {
          StepRow known = step.get(FlowTables.STEPS, new StepKey(id, number));
          return known == null ? new StepRow() : known;
        });
  }

  StepRow change(int number) {
    StepRow changed = read(number);
    changed.changed = true;
    return changed;
  }

  MemberBits members(int number, int index) {
    Part part = new Part(id, number, MemberBits.row(index));
    return members.computeIfAbsent(
        part,
        _ -> {
          MemberBits known = step.get(FlowTables.MEMBERS, part);
          return known == null ? new MemberBits() : known;
        });
  }

  /** To be called for what {@link #members} gave, when it was changed. */
  void put(int number, int index, MemberBits changed) {
    step.put(FlowTables.MEMBERS, new Part(id, number, MemberBits.row(index)), changed);
  }

  @Override
  public @Nullable StepCounts counts(int number) {
    return read(number).counts;
  }

  StepCounts known(int number) {
    return Objects.requireNonNull(
        counts(number), () -> "counters of step " + number + " of flow " + id);
  }

  @Override
  public boolean hasCome(String event) {
    return step.has(FlowTables.EVENTS, new Named(id, event));
  }

  /** The step has something to decide. */
  void due(int number) {
    row.status = row.status.withDue(number);
  }

  /** The step is due, but cannot make members before there is room in the outbox. */
  void stall(int number) {
    stalled.set(number);
    due(number);
  }

  /** The next step that has something to decide and can; -1 if there is none. */
  int nextDue() {
    StepStates states = row.status.steps();
    for (var next = states.nextDue(0);
        next.isPresent();
        next = states.nextDue(next.getAsInt() + 1)) {
      if (!stalled.get(next.getAsInt())) {
        return next.getAsInt();
      }
    }
    return -1;
  }

  /** A step whose members are to be cancelled still; -1 if there is none. */
  int nextStop() {
    StepStates states = row.status.steps();
    for (int i = 0; i < states.size(); i++) {
      if (states.verdict(i) != null && read(i).stop != null) {
        return i;
      }
    }
    return -1;
  }

  String subject(FlowTimer timer) {
    return id + "/" + timer.step() + "/" + timer.branch();
  }

  void arm(FlowTimer timer, long atMs) {
    disarm(timer);
    step.arm(atMs, TimerKind.FLOW, subject(timer));
    if (timer.equals(FlowTimer.OF_FLOW)) {
      row.timerMs = atMs;
    } else {
      change(timer.step()).timers.put(timer.branch(), atMs);
    }
  }

  void disarm(FlowTimer timer) {
    Long armed =
        timer.equals(FlowTimer.OF_FLOW)
            ? Long.valueOf(row.timerMs)
            : read(timer.step()).timers.get(timer.branch());
    if (armed != null && armed != FlowRow.NONE) {
      step.disarm(armed, TimerKind.FLOW, subject(timer));
      fired(timer);
    }
  }

  /** The timer is not set any more. */
  void fired(FlowTimer timer) {
    if (timer.equals(FlowTimer.OF_FLOW)) {
      row.timerMs = FlowRow.NONE;
    } else {
      change(timer.step()).timers.remove(timer.branch());
    }
  }

  /** When a timer is due; {@link FlowRow#NONE} if it is not set. */
  long timer(FlowTimer timer) {
    return timer.equals(FlowTimer.OF_FLOW)
        ? row.timerMs
        : read(timer.step()).timers.getOrDefault(timer.branch(), FlowRow.NONE);
  }

  /** Removes what is left of a flow whose steps are gone. */
  void forget() {
    var events = FlowTables.EVENTS.range(FlowTables.EVENTS.key(new Named(id, "")));
    var _ = step.deleteFirst(events, FlowCheck.EVENTS_MAX);
    Idempotency idempotency = spec().idempotency();
    if (idempotency != null) {
      step.delete(FlowTables.SUBMITTED, idempotency.key());
    }
    step.delete(FlowTables.DEFINITIONS, id);
    step.delete(FlowTables.FLOWS, id);
    gone = true;
  }

  /** Writes what has changed. A flow that has something to decide has its turn later. */
  void save() {
    if (gone) {
      return;
    }
    steps.forEach(
        (number, changed) -> {
          if (changed.changed) {
            step.put(FlowTables.STEPS, new StepKey(id, number), changed);
          }
        });
    if (row.turn == FlowRow.NONE) {
      if (row.isForgotten() || nextDue() >= 0 || nextStop() >= 0) {
        queue();
      } else if (!stalled.isEmpty()) {
        step.arm(step.nowMs() + STALLED_MS, TimerKind.FLOW, subject(STALLED));
      }
    }
    step.put(FlowTables.FLOWS, id, row);
  }

  private void queue() {
    row.turn = step.nextNumber();
    step.mark(FlowTables.TURNS, new Turn(row.turn, id));
  }
}
