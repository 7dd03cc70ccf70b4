package dev.kanal.scheduler.engine.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.HandlerEntry;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogEntry.WorkerEvent;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.out.ReplayBuffer;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Input;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Two shards, the channels, and four workers: everything that the engine works with. */
final class ModelWorld implements ModelShard.Listener {
  static final int SHARDS = 2;
  private static final int WORKERS = 4;
  private static final int NOTED = Integer.getInteger("kanal.model.told", 30);
  private static final int REMEMBERED = 64;

  /** More records than this at once mean that a shard does not come to rest. */
  private static final int BUSY_MAX = 3_000;

  private final RandomGenerator random;
  private final boolean faults;
  private final ModelJobs jobs = new ModelJobs();
  private final ModelChannels channels = new ModelChannels();
  private final List<ModelShard> shards = new ArrayList<>();
  private final List<ModelRelay> relays = new ArrayList<>();
  private final List<ModelWorker> workers = new ArrayList<>();
  private final Deque<Noted> lately = new ArrayDeque<>();
  private final List<LogEntry> events = new ArrayList<>();
  private long nowMs = 1_000_000;
  private boolean calm;

  ModelWorld(RandomGenerator random, boolean faults, Decider decider) {
    this.random = random;
    this.faults = faults;
    for (int i = 0; i < SHARDS; i++) {
      shards.add(new ModelShard(i, decider, this));
      relays.add(new ModelRelay(i, this::append));
    }
    for (int i = 1; i <= WORKERS; i++) {
      workers.add(new ModelWorker("w" + i, this));
    }
  }

  long nowMs() {
    return nowMs;
  }

  ModelJobs jobs() {
    return jobs;
  }

  ModelChannels channels() {
    return channels;
  }

  List<ModelShard> shards() {
    return shards;
  }

  List<ModelWorker> workers() {
    return workers;
  }

  /** From here on nothing gets lost. */
  void calmDown() {
    calm = true;
  }

  boolean hasFaults() {
    return faults && !calm;
  }

  void append(int shard, LogEntry entry) {
    shards.get(shard).append(entry, nowMs);
    if (entry instanceof WorkerEvent || entry instanceof HandlerEntry) {
      events.add(entry);
      if (events.size() > REMEMBERED) {
        events.removeFirst();
      }
    }
  }

  void appendToAll(LogEntry entry) {
    for (int shard = 0; shard < SHARDS; shard++) {
      append(shard, entry);
    }
  }

  /** A worker that does not know whether Kafka took its report sends it again, much later. */
  void repeatOldEvent() {
    if (!events.isEmpty()) {
      LogEntry event = events.get(random.nextInt(events.size()));
      var job = new Input.Entry(event).job();
      append(job == null ? random.nextInt(SHARDS) : job.shard(), event);
    }
  }

  void ready(Channel channel) {
    appendToAll(new QueueReady(channel.queue(), channel.priority(), channels.open(channel)));
  }

  void deleteTopics(String queue) {
    for (Priority priority : Priority.values()) {
      channels.drop(new Channel(queue, priority));
    }
  }

  /** Lets time pass. A node appends a tick when a shard wants one. */
  void pass(long ms, boolean ticks) {
    nowMs += ms;
    for (ModelShard shard : shards) {
      if (ticks && shard.nextTickMs() <= nowMs) {
        append(shard.number, new Tick());
      }
    }
    workers.forEach(ModelWorker::beat);
  }

  /** The shard reads what stands in its log. */
  void catchUp(ModelShard shard) {
    for (int count = 0; shard.isBehind(); count++) {
      assertTrue(count < BUSY_MAX, () -> "shard " + shard.number + " does not come to rest");
      shard.applyNext();
    }
  }

  void catchUp() {
    while (shards.stream().anyMatch(ModelShard::isBehind)) {
      shards.forEach(this::catchUp);
    }
  }

  void pumpRelays() {
    relays.forEach(relay -> relay.pump(random, hasFaults()));
  }

  boolean relaysAreEmpty() {
    return relays.stream().allMatch(ModelRelay::isEmpty);
  }

  /**
   * The shard's node is gone; another one goes on from what was committed. Tasks may come again, as
   * long as such things may happen.
   */
  void crash(ModelShard shard) {
    note("shard " + shard.number + " crashes");
    List<Effect> again = shard.crash(random.nextInt(50));
    relays.get(shard.number).crash(shard.store());
    if (!hasFaults()) {
      return;
    }
    ReplayBuffer replay = new ReplayBuffer(dispatch -> send(shard, dispatch));
    for (Effect effect : again) {
      switch (effect) {
        case Effect.Dispatch dispatch -> replay.hold(dispatch);
        case Effect.Settled settled -> replay.settled(settled);
        case Effect.Control(var message) -> control(message);
        default -> {}
      }
    }
    replay.release();
  }

  @Override
  public void applied(ModelShard.Applied applied) {
    note(new Noted(applied.shard().number, applied.offset(), nowMs, applied.entry()));
    jobs.applied(applied);
    for (Effect effect : applied.effects()) {
      switch (effect) {
        case Effect.Dispatch dispatch -> send(applied.shard(), dispatch);
        case Effect.Control(var message) -> control(message);
        case Effect.Relay(var to, var sequence, var entry) ->
            relays.get(applied.shard().number).send(to, sequence, entry);
        case Effect.Wanted(var channel) -> ready(channel);
        case Effect.Continue _ -> append(applied.shard().number, new Tick());
        default -> {}
      }
    }
  }

  /** A handler begins: unless something broke, its key's other handlers leave room for it. */
  void started(Task task) {
    ModelJob job = jobs.users().job(task.job());
    JobKey key = job == null ? null : job.spec.key();
    if (faults || job == null || key == null) {
      return;
    }
    long same =
        workers.stream()
            .flatMap(worker -> worker.handlersAtWork().stream())
            .filter(other -> other.job().shard() == task.job().shard())
            .map(other -> jobs.users().job(other.job()))
            .filter(other -> other != null && key.equals(other.spec.key()))
            .filter(other -> other.spec.queue().equals(job.spec.queue()))
            .count();
    assertTrue(same <= key.limit(), () -> same + " handlers at once of the key of " + job);
  }

  void note(String what) {
    note(new Noted(-1, -1, nowMs, what));
  }

  private void note(Noted what) {
    lately.add(what);
    if (lately.size() > NOTED) {
      lately.removeFirst();
    }
  }

  String latest() {
    return lately.stream().map(Noted::text).collect(Collectors.joining("\n  "));
  }

  private void send(ModelShard shard, Effect.Dispatch dispatch) {
    Task task = dispatch.task();
    if (!channels.send(dispatch.channel(), task)) {
      append(shard.number, new DispatchFailed(task.job(), task.dispatch(), "no topic"));
    } else if (hasFaults() && random.nextInt(200) == 0) {
      append(shard.number, new DispatchFailed(task.job(), task.dispatch(), "no answer"));
    }
  }

  private void control(ControlMessage message) {
    for (ModelWorker worker : workers) {
      if (!hasFaults() || random.nextInt(20) != 0) {
        worker.take(message);
      }
    }
  }

  /** What has happened, to find the cause of a failure. */
  private record Noted(int shard, long offset, long atMs, Object what) {
    private static final Pattern ID =
        Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7.(\\d\\d)-8000-0*([0-9a-f]+)");

    String text() {
      String where = shard < 0 ? "" : "shard " + shard + " offset " + offset + ": ";
      String all = ID.matcher(what.toString()).replaceAll("$1-$2");
      return atMs
          + " "
          + where
          + all.replaceAll(", \\w+=null|, trace=\\w+\\[[^]]*\\]|, tags=\\{\\}", "");
    }
  }
}
