package dev.kanal.scheduler.engine.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FlowCheck;
import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.flow.plan.StepState;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.flow.FlowTables.StepKey;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.shard.EffectSink;
import dev.kanal.scheduler.engine.shard.MapStore;
import dev.kanal.scheduler.engine.shard.Shard;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/** Several shards with a hand-moved clock, which bring each other what they relay. */
public final class FlowWorld {
  private static final WorkerRef WORKER = new WorkerRef("w1", 7);

  public final List<MapStore> stores = new ArrayList<>();
  final List<String> quarantined = new ArrayList<>();

  /** Tasks that were sent and not finished, by their jobs. */
  public final Map<JobId, Task> tasks = new LinkedHashMap<>();

  /** How often a job's task was sent. */
  final Map<JobId, Integer> sent = new HashMap<>();

  /** Records that were applied, by kind; ticks and acknowledgements of relays included. */
  final Map<String, Integer> records = new TreeMap<>();

  /** What is told of jobs and flows that end. */
  public Consumer<JobId> ended = _ -> {};

  private final Shards homes;
  private final List<Shard> shards = new ArrayList<>();
  private final List<Deque<byte[]>> logs = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private final Map<Integer, Boolean> away = new HashMap<>();
  private long nowMs = 1_000_000;
  private long lastId;

  public FlowWorld(int count) {
    this(count, new Decisions(EngineRules.DEFAULT, new Shards(count)));
  }

  FlowWorld(int count, Decider decider) {
    homes = new Shards(count);
    for (int i = 0; i < count; i++) {
      MapStore store = new MapStore();
      stores.add(store);
      logs.add(new ArrayDeque<>());
      offsets.add(-1L);
      int number = i;
      Shard.Deciding deciding = new Shard.Deciding(decider, EngineRules.DEFAULT, homes);
      shards.add(new Shard(number, store, new Recorder(number), deciding));
    }
    for (int i = 0; i < count; i++) {
      append(i, new LogEntry.RulesChanged(EngineRules.NEWEST));
      append(i, new LogEntry.QueueReady("default", Priority.NORMAL, "topic-1"));
    }
    settle();
  }

  Instant now() {
    return Instant.ofEpochMilli(nowMs);
  }

  /** A flow whose home is the first shard; it is not decided about before {@link #settle}. */
  JobId start(FlowSpec spec) {
    assertEquals(List.of(), FlowCheck.problems(spec));
    JobId id = JobId.of(0, nowMs, ++lastId);
    append(0, new FlowEntry.StartFlow(id, spec, TraceContext.NONE));
    return id;
  }

  /** A flow that has made what it can. */
  JobId begin(FlowSpec spec) {
    JobId id = start(spec);
    settle();
    return id;
  }

  void append(int shard, LogEntry entry) {
    logs.get(shard).add(LogCodec.encode(entry));
  }

  public void tell(FlowEntry entry) {
    append(entry.flow().shard(), entry);
    settle();
  }

  /** Nothing of this shard's log is read until it comes back. */
  void away(int shard, boolean is) {
    away.put(shard, is);
  }

  /** Reads the next record of a shard; false if there is none. */
  boolean read(int shard) {
    byte[] next = away.getOrDefault(shard, false) ? null : logs.get(shard).poll();
    if (next == null) {
      return false;
    }
    records.merge(LogCodec.decode(next).getClass().getSimpleName(), 1, Integer::sum);
    long offset = offsets.get(shard) + 1;
    offsets.set(shard, offset);
    shards.get(shard).apply(next, offset, nowMs);
    return true;
  }

  /** Lets a shard read the tick that it wants; false if it wants none. */
  boolean tick(int shard) {
    if (away.getOrDefault(shard, false) || shards.get(shard).nextTickMs() > nowMs) {
      return false;
    }
    append(shard, new LogEntry.Tick());
    return read(shard);
  }

  /** Lets everything be read and every tick that is due, until nothing is left. */
  void settle() {
    for (int rounds = 0; rounds < 10_000; rounds++) {
      boolean any = false;
      for (int i = 0; i < shards.size(); i++) {
        while (read(i)) {
          any = true;
        }
        any |= tick(i);
      }
      if (!any) {
        return;
      }
    }
    throw new AssertionError("Expected an end, but shards want ever more ticks");
  }

  void pass(Duration time) {
    long end = nowMs + time.toMillis();
    while (nowMs < end) {
      nowMs = Math.min(end, nowMs + 1_000);
      for (int i = 0; i < shards.size(); i++) {
        append(i, new LogEntry.Tick());
      }
      settle();
    }
  }

  /** Lets so much time pass at once. */
  void skip(Duration time) {
    nowMs += time.toMillis();
    settle();
  }

  FlowRow flow(JobId id) {
    FlowRow row = stores.get(id.shard()).get(FlowTables.FLOWS, id);
    assertNotNull(row, "flow " + id);
    return row;
  }

  FlowState state(JobId id) {
    return flow(id).status().state();
  }

  StepState state(JobId id, String name) {
    return flow(id).status().steps().state(number(id, name));
  }

  StepRow step(JobId id, String name) {
    StepRow row = stores.get(id.shard()).get(FlowTables.STEPS, new StepKey(id, number(id, name)));
    assertNotNull(row, "step " + name);
    return row;
  }

  private int number(JobId id, String name) {
    var definition = Objects.requireNonNull(stores.get(id.shard()).get(FlowTables.DEFINITIONS, id));
    return FlowGraph.of(definition.spec()).numberOf(name);
  }

  JobRow job(JobId id) {
    JobRow row = stores.get(id.shard()).get(Tables.JOBS, id);
    assertNotNull(row, "job " + id);
    return row;
  }

  Owner owner(Task task) {
    return Objects.requireNonNull(job(task.job()).spec().owner(), "owner");
  }

  /** The tasks of a step's members that are out, by their numbers. */
  Map<Integer, Task> tasks(String step) {
    Map<Integer, Task> found = new TreeMap<>();
    tasks.values().stream()
        .filter(each -> owner(each).step().equals(step))
        .forEach(each -> found.put(owner(each).index(), each));
    return found;
  }

  /** The task of one of a step's members. */
  Task task(String step, int index) {
    Task found = tasks(step).get(index);
    assertNotNull(found, "task of member " + index);
    return found;
  }

  StepCounts counts(JobId id, String name) {
    return Objects.requireNonNull(step(id, name).counts(), "counters");
  }

  public Task task(String step) {
    Map<Integer, Task> found = tasks(step);
    assertEquals(1, found.size(), () -> "tasks of " + step + " of " + tasks.values());
    return found.values().iterator().next();
  }

  void succeed(Task task, String result) {
    finish(task, new Outcome.Succeeded(JsonBytes.of(result)));
    settle();
  }

  public void succeed(String step, String result) {
    succeed(task(step), result);
  }

  public void fail(Task task) {
    finish(task, new Outcome.Failed(new ErrorInfo("oops", "it failed", null), false));
    settle();
  }

  /** Not read before {@link #settle}. */
  void finish(Task task, Outcome outcome) {
    tasks.remove(task.job());
    Run run = new Run(task.job(), task.dispatch(), WORKER);
    append(task.job().shard(), new LogEntry.Finished(run, now(), now(), outcome));
  }

  /** Every job of a letter's rows, over all shards. */
  long count(char letter) {
    long[] count = {0};
    for (MapStore store : stores) {
      store.scan(
          Bytes.wrap(new byte[] {(byte) letter}),
          Bytes.wrap(new byte[] {(byte) (letter + 1)}),
          (_, _) -> ++count[0] > 0);
    }
    return count[0];
  }

  long jobs(JobState state) {
    long[] count = {0};
    for (MapStore store : stores) {
      store.scan(
          Tables.JOBS,
          (_, row) -> {
            count[0] += row.state() == state ? 1 : 0;
            return true;
          });
    }
    return count[0];
  }

  /** A policy of one attempt. */
  static RetryPolicy once() {
    return new RetryPolicy(1, RetryPolicy.DEFAULT.backoff());
  }

  private final class Recorder implements EffectSink {
    private final int number;

    Recorder(int number) {
      this.number = number;
    }

    @Override
    public void accept(Effect effect) {
      switch (effect) {
        case Effect.Dispatch(_, var task, _) -> {
          tasks.put(task.job(), task);
          sent.merge(task.job(), 1, Integer::sum);
        }
        case Effect.Ended(var job) -> {
          tasks.remove(job);
          ended.accept(job);
        }
        case Effect.Relay(var to, var sequence, var entry) -> {
          append(to, new LogEntry.Relayed(number, sequence, entry));
          append(number, new LogEntry.RelayDone(to, sequence));
        }
        default -> {}
      }
    }

    @Override
    public void quarantine(byte[] record, String why) {
      quarantined.add(why);
    }
  }
}
