package dev.kanal.scheduler.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A shard with a hand-moved clock, told in verbs. */
final class ShardStory {
  static final WorkerRef WORKER = new WorkerRef("w1", 7);

  final MapStore store = new MapStore();
  final List<Effect> effects = new ArrayList<>();
  final List<String> quarantined = new ArrayList<>();
  private final Deque<Task> sent = new ArrayDeque<>();
  private final Decider decider;
  private Shard shard;
  private long offset = -1;
  private long nowMs = 1_000_000;
  private long lastId;

  ShardStory() {
    this(new Decisions(EngineRules.DEFAULT, new Shards(16)));
  }

  ShardStory(Decider decider) {
    this.decider = decider;
    this.shard = open();
  }

  /** A story whose default queue is ready. */
  static ShardStory ready() {
    ShardStory story = new ShardStory();
    story.queueReady("default", "topic-1");
    return story;
  }

  JobId submit(JobSpec spec) {
    JobId id = JobId.of(0, nowMs, ++lastId);
    append(new Submit(id, spec, TraceContext.NONE));
    return id;
  }

  JobId submit() {
    return submit(JobSpec.of("sum", JsonBytes.of("{}")));
  }

  void queueReady(String queue, String topicId) {
    append(new QueueReady(queue, Priority.NORMAL, topicId));
    tick();
  }

  void lease(Task task) {
    append(new Leased(run(task), at()));
  }

  void heartbeat() {
    append(new Heartbeat(WORKER));
  }

  void succeed(Task task) {
    finish(task, new Outcome.Succeeded(JsonBytes.of("42")));
  }

  void fail(Task task) {
    finish(task, new Outcome.Failed(new ErrorInfo("oops", "it failed", "at line 1"), true));
  }

  void finish(Task task, Outcome outcome) {
    append(new Finished(run(task), at(), at(), outcome));
  }

  /** A second worker, to which the channel delivered the same task, succeeds with it. */
  void succeedElsewhere(Task task) {
    Run run = new Run(task.job(), task.dispatch(), new WorkerRef("w2", 9));
    append(new Finished(run, at(), at(), new Outcome.Succeeded(JsonBytes.of("43"))));
  }

  void dispatchFailed(Task task) {
    append(new DispatchFailed(task.job(), task.dispatch(), "no topic"));
  }

  /** Lets time pass in steps of a second, with a tick in each, as a node does while it is up. */
  void pass(Duration time) {
    long end = nowMs + time.toMillis();
    while (nowMs < end) {
      nowMs = Math.min(end, nowMs + 1_000);
      tick();
    }
  }

  /** Lets time pass without ticks, as while all schedulers are away. */
  void away(Duration time) {
    nowMs += time.toMillis();
  }

  void tick() {
    append(new Tick());
  }

  void append(LogEntry entry) {
    apply(LogCodec.encode(entry));
  }

  void apply(byte[] record) {
    shard.apply(record, ++offset, nowMs);
  }

  /** Applies the record of this offset once more. */
  void applyAgain(LogEntry entry) {
    shard.apply(LogCodec.encode(entry), offset, nowMs);
  }

  /** The shard comes to another node, with what was committed. */
  void move() {
    shard = open();
  }

  Task nextTask() {
    Task task = sent.poll();
    assertNotNull(task, "a task sent");
    return task;
  }

  int tasksWaiting() {
    return sent.size();
  }

  JobView view(JobId id) {
    JobView view = JobViews.read(store, id);
    assertNotNull(view, "job " + id);
    return view;
  }

  void assertState(JobState expected, JobId id) {
    assertEquals(expected, view(id).state());
  }

  long count(String queue, JobState state) {
    return RowCodec.decodeCounts(store.get(Keys.counts(queue))).of(state);
  }

  List<LifecycleEvent> told() {
    return effects.stream()
        .filter(Effect.Tell.class::isInstance)
        .map(effect -> ((Effect.Tell) effect).event())
        .toList();
  }

  Instant at() {
    return Instant.ofEpochMilli(nowMs);
  }

  long nextTickMs() {
    return shard.nextTickMs();
  }

  private Shard open() {
    return new Shard(0, store, new Recorder(), decider, EngineRules.DEFAULT);
  }

  private static Run run(Task task) {
    return new Run(task.job(), task.dispatch(), WORKER);
  }

  private final class Recorder implements Outside {
    @Override
    public void accept(Effect effect) {
      effects.add(effect);
      if (effect instanceof Effect.Dispatch(_, var task)) {
        sent.add(task);
      }
    }

    @Override
    public void quarantine(byte[] record, String why) {
      quarantined.add(why);
    }
  }
}
