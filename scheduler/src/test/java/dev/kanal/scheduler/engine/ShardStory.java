package dev.kanal.scheduler.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.AttemptTrace;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.Start;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;

/** A shard with a hand-moved clock, told in verbs. */
final class ShardStory {
  static final WorkerRef WORKER = new WorkerRef("w1", 7);

  final MapStore store = new MapStore();
  final List<Effect> effects = new ArrayList<>();
  final List<String> quarantined = new ArrayList<>();
  private final Deque<Task> sent = new ArrayDeque<>();
  private final Decider decider;
  private final Shards homes;
  private Shard shard;
  private long offset = -1;
  private long nowMs = 1_000_000;
  private long lastId;

  ShardStory() {
    this(new Decisions(EngineRules.DEFAULT, new Shards(16)));
  }

  ShardStory(Decider decider) {
    this(decider, new Shards(16));
  }

  /** A story in which names have these homes. */
  ShardStory(Decider decider, Shards homes) {
    this.decider = decider;
    this.homes = homes;
    this.shard = open();
    append(new RulesChanged(EngineRules.NEWEST));
  }

  /** A story whose default queue is ready. */
  static ShardStory ready() {
    ShardStory story = new ShardStory();
    story.queueReady("default", "topic-1");
    return story;
  }

  JobId submit(JobSpec spec) {
    return submit(spec, TraceContext.NONE);
  }

  JobId submit(JobSpec spec, TraceContext trace) {
    JobId id = JobId.of(0, nowMs, ++lastId);
    append(new Submit(id, spec, trace));
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

  void lease(Task task, WorkerRef worker) {
    append(new Leased(run(task, worker), at()));
  }

  /** A worker asks; the answer is the last control message. */
  ControlMessage ask(Task task, WorkerRef worker) {
    append(new Start(run(task, worker)));
    return controls().getLast();
  }

  void cancel(JobId job) {
    append(new Cancel(job, null));
  }

  void putQueue(String queue, QueueSettings settings) {
    append(new QueueChanged(queue, settings, offset + 1));
    tick();
  }

  List<ControlMessage> controls() {
    return effects.stream()
        .filter(Effect.Control.class::isInstance)
        .map(effect -> ((Effect.Control) effect).message())
        .toList();
  }

  /** The jobs of the tasks sent since the last call, in order. */
  List<JobId> sentJobs() {
    List<JobId> jobs = sent.stream().map(Task::job).toList();
    sent.clear();
    return jobs;
  }

  long lastOffset() {
    return offset;
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

  void fail(Task task, AttemptTrace trace) {
    Outcome outcome = new Outcome.Failed(new ErrorInfo("oops", "it failed", null), true);
    append(new Finished(run(task), at(), at(), outcome, false, trace));
  }

  void finish(Task task, Outcome outcome) {
    append(new Finished(run(task), at(), at(), outcome));
  }

  /** The handler has handed its work outside; {@code "token"} completes it within so long. */
  void park(Task task, Duration within) {
    finish(task, new Outcome.Parked(TokenHash.of("token"), at().plus(within)));
  }

  void complete(JobId job, String token) {
    Outcome outcome = new Outcome.Succeeded(JsonBytes.of("7"));
    append(new Complete(job, TokenHash.of(token), outcome));
  }

  /** The handler's time is up, and it ignores its interrupt. */
  void timeOutStillRunning(Task task) {
    Outcome outcome = new Outcome.TimedOut(new ErrorInfo("timeout", "too long", null));
    append(new Finished(run(task), at(), at(), outcome, true));
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

  /** The rows whose keys begin with this letter. */
  long count(char letter) {
    return rows().filter(key -> key.get()[0] == letter).count();
  }

  /** The keys of rows that name the job, or the only key that jobs in these stories have. */
  List<Bytes> rowsOf(JobId job) {
    String id = new String(job.toBytes(), StandardCharsets.ISO_8859_1);
    return rows()
        .filter(
            key -> {
              String text = new String(key.get(), StandardCharsets.ISO_8859_1);
              return text.contains(id) || text.endsWith("\0k") || text.endsWith("\0once");
            })
        .toList();
  }

  private Stream<Bytes> rows() {
    List<Bytes> all = new ArrayList<>();
    store.scan(Bytes.wrap(new byte[] {0}), Bytes.wrap(new byte[] {'~'}), (key, _) -> all.add(key));
    return all.stream();
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

  /** How many jobs have come new to the queue, as far as this shard has seen. */
  long submitted(String queue) {
    return shard.submitted(queue);
  }

  private Shard open() {
    Shard.Deciding deciding = new Shard.Deciding(decider, EngineRules.DEFAULT, homes);
    return new Shard(0, store, new Recorder(), deciding);
  }

  private static Run run(Task task) {
    return run(task, WORKER);
  }

  static Run run(Task task, WorkerRef worker) {
    return new Run(task.job(), task.dispatch(), worker);
  }

  private final class Recorder implements Outside {
    @Override
    public void accept(Effect effect) {
      effects.add(effect);
      if (effect instanceof Effect.Dispatch(_, var task, _)) {
        sent.add(task);
      }
    }

    @Override
    public void quarantine(byte[] record, String why) {
      quarantined.add(why);
    }
  }
}
