package dev.kanal.scheduler.engine.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FlowCheck;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.FlowEntry.AddItems;
import dev.kanal.common.log.FlowEntry.CancelFlow;
import dev.kanal.common.log.FlowEntry.DeleteFlow;
import dev.kanal.common.log.FlowEntry.SignalFlow;
import dev.kanal.common.log.FlowEntry.StartFlow;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.StepView;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Flows in two shards, their users and a worker, with what may go wrong between them. */
final class ModelFlows implements ModelShard.Listener {
  private static final WorkerRef WORKER = new WorkerRef("w1", 7);
  private static final int FLOWS_MAX = 4;
  private static final int REST_MAX = 3_000;
  private static final int BUSY_MAX = 3_000;

  private final RandomGenerator random;
  private final List<ModelShard> shards = new ArrayList<>();
  private final List<ModelRelay> relays = new ArrayList<>();
  private final Map<JobId, Task> tasks = new LinkedHashMap<>();
  private final List<JobId> flows = new ArrayList<>();
  private long nowMs = 1_000_000;
  private long lastId;
  private boolean calm;

  ModelFlows(long seed, Decider decider) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < ModelWorld.SHARDS; i++) {
      shards.add(new ModelShard(i, decider, this));
      relays.add(new ModelRelay(i, this::append));
      append(i, new RulesChanged(EngineRules.NEWEST));
      append(i, new QueueReady("default", Priority.NORMAL, "topic-1"));
    }
  }

  private void append(int shard, LogEntry entry) {
    shards.get(shard).append(entry, nowMs);
  }

  @Override
  public void applied(ModelShard.Applied applied) {
    for (Effect effect : applied.effects()) {
      switch (effect) {
        case Effect.Dispatch(_, var task, _) -> {
          tasks.put(task.job(), task);
          checkNeeds(task);
        }
        case Effect.Ended(var job) -> tasks.remove(job);
        case Effect.Relay(var to, var sequence, var entry) ->
            relays.get(applied.shard().number).send(to, sequence, entry);
        case Effect.Continue _ -> append(applied.shard().number, new Tick());
        default -> {}
      }
    }
  }

  /** One thing happens. */
  void step() {
    switch (random.nextInt(20)) {
      case 0 -> start();
      case 1, 2, 3, 4, 5 -> finishOne();
      case 6 -> random(this::signal);
      case 7 -> random(this::feed);
      case 8 -> {
        if (random.nextInt(10) == 0) {
          random(flow -> append(flow.shard(), new CancelFlow(flow, random.nextBoolean())));
        }
      }
      case 9 -> random(this::delete);
      case 10, 11 -> relays.forEach(relay -> relay.pump(random, !calm));
      case 12 -> crash();
      case 13 -> shards.get(random.nextInt(shards.size())).commit();
      case 14, 15 -> pass(random.nextInt(30));
      case 16 -> pass(random.nextInt(3_000));
      default -> {
        for (int i = random.nextInt(8); i > 0; i--) {
          ModelShard shard = shards.get(random.nextInt(shards.size()));
          if (shard.isBehind()) {
            shard.applyNext();
          }
        }
      }
    }
    check();
  }

  /** Nothing goes wrong any more, and users let every flow go on: each ends. */
  void comeToRest() {
    calm = true;
    for (int i = 0; i < REST_MAX; i++) {
      catchUp();
      relays.forEach(relay -> relay.pump(random, false));
      List.copyOf(tasks.values()).forEach(task -> finish(task, true));
      for (JobId flow : List.copyOf(flows)) {
        signal(flow);
        feed(flow);
      }
      catchUp();
      pass(50);
      check();
      if (isAtRest()) {
        checkNothingIsLeft();
        return;
      }
    }
    throw new AssertionError("Expected every flow to end, but not: " + unfinished());
  }

  private boolean isAtRest() {
    return unfinished().isEmpty()
        && relays.stream().allMatch(ModelRelay::isEmpty)
        && shards.stream().noneMatch(ModelShard::isBehind)
        && shards.stream().allMatch(shard -> shard.nextTickMs() > nowMs);
  }

  private List<FlowView> unfinished() {
    List<FlowView> open = new ArrayList<>();
    for (JobId flow : flows) {
      FlowView view = view(flow);
      if (view != null && !view.state().isFinal()) {
        open.add(view);
      }
    }
    return open;
  }

  private void catchUp() {
    for (ModelShard shard : shards) {
      for (int count = 0; shard.isBehind(); count++) {
        assertTrue(count < BUSY_MAX, () -> "shard " + shard.number + " does not come to rest");
        shard.applyNext();
      }
    }
  }

  private void crash() {
    ModelShard shard = shards.get(random.nextInt(shards.size()));
    var _ = shard.crash(random.nextInt(20));
    relays.get(shard.number).crash(shard.store());
  }

  private void pass(int ms) {
    nowMs += ms;
    for (ModelShard shard : shards) {
      if (shard.nextTickMs() <= nowMs) {
        append(shard.number, new Tick());
      }
    }
  }

  private void start() {
    if (flows.size() >= FLOWS_MAX) {
      return;
    }
    FlowSpec spec = ModelDefinition.random(random, Instant.ofEpochMilli(nowMs));
    if (FlowCheck.problems(spec).isEmpty()) {
      JobId id = JobId.of(random.nextInt(shards.size()), nowMs, ++lastId);
      flows.add(id);
      append(id.shard(), new StartFlow(id, spec, TraceContext.NONE));
    }
  }

  private void finishOne() {
    if (!tasks.isEmpty()) {
      List<Task> all = List.copyOf(tasks.values());
      finish(all.get(random.nextInt(all.size())), random.nextInt(20) != 0);
    }
  }

  private void finish(Task task, boolean success) {
    tasks.remove(task.job());
    Run run = new Run(task.job(), task.dispatch(), WORKER);
    Instant now = Instant.ofEpochMilli(nowMs);
    Outcome outcome =
        success
            ? new Outcome.Succeeded(JsonBytes.of("{\"r\":[1,2,3]}"))
            : new Outcome.Failed(new ErrorInfo("oops", "no", null), false);
    append(task.job().shard(), new Finished(run, now, now, outcome));
  }

  private void random(Consumer<JobId> act) {
    if (!flows.isEmpty()) {
      act.accept(flows.get(random.nextInt(flows.size())));
    }
  }

  private void signal(JobId flow) {
    append(flow.shard(), new SignalFlow(flow, "e", JsonBytes.of("1")));
  }

  private void feed(JobId flow) {
    FlowView view = view(flow);
    for (StepView step : view == null ? List.<StepView>of() : view.steps()) {
      if (step.spec().kind().isFed() && (step.counts() == null || !step.counts().sealed())) {
        List<FlowItem> items = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          items.add(new FlowItem.Value(JsonBytes.of("" + i)));
        }
        boolean close = calm || random.nextInt(3) == 0;
        append(
            flow.shard(),
            new AddItems(flow, step.spec().name(), step.sequence() + 1, items, close));
      }
    }
  }

  private void delete(JobId flow) {
    FlowView view = view(flow);
    if (view != null && view.state().isFinal()) {
      flows.remove(flow);
      append(flow.shard(), new DeleteFlow(flow));
    }
  }

  private @Nullable FlowView view(JobId flow) {
    return FlowView.read(shards.get(flow.shard()).store(), flow);
  }

  private JobRow job(JobId id) {
    return Objects.requireNonNull(shards.get(id.shard()).store().get(Tables.JOBS, id), "job");
  }

  /** What a member's step needs has ended, and so have all members of that. */
  private void checkNeeds(Task task) {
    Owner owner = Objects.requireNonNull(job(task.job()).spec().owner(), "owner");
    FlowView flow = view(owner.id());
    if (flow == null) {
      return;
    }
    StepView step = Objects.requireNonNull(flow.step(owner.step()), "step");
    for (String need : step.spec().needs()) {
      for (StepView other : flow.steps()) {
        if (other.spec().name().equals(need)) {
          assertTrue(other.state().isFinal(), () -> owner + " began before " + need);
        }
      }
    }
  }

  private void check() {
    for (JobId flow : flows) {
      FlowView view = view(flow);
      if (view != null) {
        ModelFlowAudit.check(shards.get(flow.shard()).store(), view);
      }
    }
  }

  private void checkNothingIsLeft() {
    for (ModelShard shard : shards) {
      for (var key : shard.store().rows().keySet()) {
        char letter = (char) key.get()[0];
        assertEquals(-1, "12OPYx".indexOf(letter), () -> "a row is left: " + letter);
        if (letter == 'j') {
          JobRow row = job(Tables.JOBS.keyOf(key));
          assertTrue(row.state().isFinal(), () -> "a member is left: " + row);
        }
      }
    }
  }
}
