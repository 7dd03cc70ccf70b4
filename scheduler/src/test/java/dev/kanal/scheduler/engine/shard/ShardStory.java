package dev.kanal.scheduler.engine.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.read.JobViews;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;

/** A shard with a hand-moved clock, in verbs. */
public final class ShardStory {
  public static final WorkerRef WORKER = new WorkerRef("w1", 7);

  public final MapStore store = new MapStore();
  public final List<Effect> effects = new ArrayList<>();
  public final List<String> quarantined = new ArrayList<>();
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

  public ShardStory(Decider decider) {
    this(decider, new Shards(16));
  }

  /** A story in which names have these homes. */
  public ShardStory(Decider decider, Shards homes) {
    this.decider = decider;
    this.homes = homes;
    this.shard = open();
    append(new RulesChanged(EngineRules.NEWEST));
  }

  /** A story whose default queue is ready. */
  public static ShardStory ready() {
    ShardStory story = new ShardStory();
    story.queueReady("default", "topic-1");
    return story;
  }

  public JobId submit(JobSpec spec) {
    return submit(spec, TraceContext.NONE);
  }

  public JobId submit(JobSpec spec, TraceContext trace) {
    JobId id = JobId.of(0, nowMs, ++lastId);
    append(new Submit(id, spec, trace));
    return id;
  }

  public JobId submit() {
    return submit(JobSpec.of("sum", JsonBytes.of("{}")));
  }

  public void queueReady(String queue, String topicId) {
    append(new QueueReady(queue, Priority.NORMAL, topicId));
    tick();
  }

  public void lease(Task task) {
    append(new Leased(run(task), at()));
  }

  public void lease(Task task, WorkerRef worker) {
    append(new Leased(run(task, worker), at()));
  }

  /** A worker asks; the answer is the last control message. */
  public ControlMessage ask(Task task, WorkerRef worker) {
    append(new AskToRun(run(task, worker)));
    return controls().getLast();
  }

  public void cancel(JobId job) {
    append(new Cancel(job, null));
  }

  public void putQueue(String queue, QueueSettings settings) {
    append(new QueueChanged(queue, settings, offset + 1));
    tick();
  }

  public List<ControlMessage> controls() {
    return effects.stream()
        .filter(Effect.Control.class::isInstance)
        .map(effect -> ((Effect.Control) effect).message())
        .toList();
  }

  /** The jobs of the tasks sent since the last call, in order. */
  public List<JobId> sentJobs() {
    List<JobId> jobs = sent.stream().map(Task::job).toList();
    sent.clear();
    return jobs;
  }

  public long lastOffset() {
    return offset;
  }

  public void heartbeat() {
    append(new Heartbeat(WORKER));
  }

  public void succeed(Task task) {
    finish(task, new Outcome.Succeeded(JsonBytes.of("42")));
  }

  public void fail(Task task) {
    finish(task, new Outcome.Failed(new ErrorInfo("oops", "it failed", "at line 1"), true));
  }

  public void fail(Task task, AttemptTrace trace) {
    Outcome outcome = new Outcome.Failed(new ErrorInfo("oops", "it failed", null), true);
    append(new Finished(run(task), at(), at(), outcome, false, trace));
  }

  public void finish(Task task, Outcome outcome) {
    append(new Finished(run(task), at(), at(), outcome));
  }

  /** The handler has handed its work outside; {@code "token"} completes it within so long. */
  public void park(Task task, Duration within) {
    finish(task, new Outcome.Parked(TokenHash.of("token"), at().plus(within)));
  }

  public void complete(JobId job, String token) {
    Outcome outcome = new Outcome.Succeeded(JsonBytes.of("7"));
    append(new Complete(job, TokenHash.of(token), outcome));
  }

  /** The handler's time is up, and it ignores its interrupt. */
  public void timeOutStillRunning(Task task) {
    Outcome outcome = new Outcome.TimedOut(new ErrorInfo("timeout", "too long", null));
    append(new Finished(run(task), at(), at(), outcome, true));
  }

  /** A second worker, to which the channel delivered the same task, succeeds with it. */
  public void succeedElsewhere(Task task) {
    Run run = new Run(task.job(), task.dispatch(), new WorkerRef("w2", 9));
    append(new Finished(run, at(), at(), new Outcome.Succeeded(JsonBytes.of("43"))));
  }

  public void dispatchFailed(Task task) {
    append(new DispatchFailed(task.job(), task.dispatch(), "no topic"));
  }

  /** Lets time pass in steps of a second, with a tick in each, as a node does while it is up. */
  public void pass(Duration time) {
    long end = nowMs + time.toMillis();
    while (nowMs < end) {
      nowMs = Math.min(end, nowMs + 1_000);
      tick();
    }
  }

  /** Lets time pass without ticks, as while all schedulers are away. */
  public void away(Duration time) {
    nowMs += time.toMillis();
  }

  public void tick() {
    append(new Tick());
  }

  public void append(LogEntry entry) {
    apply(LogCodec.encode(entry));
  }

  void apply(byte[] record) {
    shard.apply(record, ++offset, nowMs);
  }

  /** Applies the record of this offset once more. */
  public void applyAgain(LogEntry entry) {
    shard.apply(LogCodec.encode(entry), offset, nowMs);
  }

  /** The shard comes to another node, with what was committed. */
  public void move() {
    shard = open();
  }

  public Task nextTask() {
    Task task = sent.poll();
    assertNotNull(task, "a task sent");
    return task;
  }

  public int tasksWaiting() {
    return sent.size();
  }

  public JobView view(JobId id) {
    JobView view = JobViews.read(store, id);
    assertNotNull(view, "job " + id);
    return view;
  }

  public void assertState(JobState expected, JobId id) {
    assertEquals(expected, view(id).state());
  }

  public long count(String queue, JobState state) {
    return Counts.of(store, queue).of(state);
  }

  /** The rows whose keys begin with this letter. */
  public long count(char letter) {
    return rows().filter(key -> key.get()[0] == letter).count();
  }

  /** The keys of rows that name the job, or the only key that jobs in these stories have. */
  public List<Bytes> rowsOf(JobId job) {
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

  public List<LifecycleEvent> published() {
    return effects.stream()
        .filter(Effect.Event.class::isInstance)
        .map(effect -> ((Effect.Event) effect).event())
        .toList();
  }

  public Instant at() {
    return Instant.ofEpochMilli(nowMs);
  }

  public long nextTickMs() {
    return shard.nextTickMs();
  }

  /** How many jobs have come new to the queue, as far as this shard has seen. */
  public long submitted(String queue) {
    return shard.submitted(queue);
  }

  private Shard open() {
    Shard.Deciding deciding = new Shard.Deciding(decider, EngineRules.DEFAULT, homes);
    return new Shard(0, store, new Recorder(), deciding);
  }

  private static Run run(Task task) {
    return run(task, WORKER);
  }

  public static Run run(Task task, WorkerRef worker) {
    return new Run(task.job(), task.dispatch(), worker);
  }

  private final class Recorder implements EffectSink {
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
