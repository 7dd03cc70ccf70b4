package dev.kanal.scheduler.engine.reference;

import static dev.kanal.scheduler.engine.row.Tables.COUNTS;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.row.Timers;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What happens to one world, drawn from one seed. */
final class ModelScript {
  private static final int FAULTS_FROM = 92;
  private static final int LIVE_MAX = 120;
  private static final int AUDIT_EVERY = 100;
  private static final int COMMIT_EVERY = 60;
  private static final long STEP_MS = 500;
  private static final int REST_STEPS = 4_000;

  private final SplittableRandom random;
  private final ModelWorld world;
  private final ModelSpecs specs;
  private final Shards shards = new Shards(ModelWorld.SHARDS);
  private final boolean faults;

  ModelScript(long seed, Decider decider) {
    random = new SplittableRandom(seed);
    faults = seed % 4 != 0;
    world = new ModelWorld(random, faults, decider);
    specs = new ModelSpecs(random, faults);
    world.appendToAll(new RulesChanged(EngineRules.NEWEST));
    for (String queue : ModelSpecs.QUEUES) {
      for (Priority priority : Priority.values()) {
        world.ready(new Channel(queue, priority));
      }
      world.appendToAll(new TypesHandled(queue, null));
    }
    world.catchUp();
  }

  ModelWorld world() {
    return world;
  }

  void step(int number) {
    act(random.nextInt(faults ? 100 : FAULTS_FROM));
    for (ModelShard shard : world.shards()) {
      if (random.nextInt(8) != 0) {
        world.catchUp(shard);
      }
    }
    if (number % COMMIT_EVERY == 0) {
      ModelShard any = anyShard();
      if (random.nextInt(4) == 0) {
        world.crash(any);
      } else {
        any.commit();
      }
    }
    if (number % AUDIT_EVERY == 0) {
      audit();
    }
  }

  private void act(int dice) {
    if (dice < 16) {
      submit();
    } else if (dice < 34) {
      take();
    } else if (dice < 54) {
      goOn();
    } else if (dice < 66) {
      readControl(random.nextInt(8));
    } else if (dice < 78) {
      world.pass(random.nextInt(random.nextInt(10) == 0 ? 2_000 : 200), true);
    } else if (dice < 86) {
      command();
    } else if (dice < 90) {
      world.pumpRelays();
    } else if (dice < FAULTS_FROM) {
      maintain(random.nextInt(12));
    } else {
      fault(random.nextInt(40));
    }
  }

  private void submit() {
    if (world.jobs().users().unfinished() > LIVE_MAX && random.nextInt(4) != 0) {
      return;
    }
    QueueSettings none = null;
    String queue = specs.queue();
    QueueRow row = ModelJobs.queue(home(queue).store(), queue);
    QueueSettings settings = row == null ? none : row.settings();
    LogEntry.Submit submit = specs.submit(queue, world.nowMs(), spec -> shardOf(spec, settings));
    world.append(submit.job().shard(), submit);
  }

  private int shardOf(dev.kanal.common.job.JobSpec spec, @Nullable QueueSettings settings) {
    return shards.ofJob(spec, settings).orElseGet(() -> random.nextInt(ModelWorld.SHARDS));
  }

  private void take() {
    ModelWorker worker = anyWorker();
    if (worker.isFrozen()) {
      return;
    }
    ModelChannels.Item item = world.channels().take(random);
    if (item != null) {
      worker.take(item, random.nextInt(6) == 0);
    }
  }

  private void goOn() {
    ModelWorker worker = anyWorker();
    if (worker.isFrozen()) {
      return;
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      worker.goOn(
          random.nextInt(1_000), task -> specs.outcome(task, world.nowMs()), random.nextInt(10));
    }
  }

  private void readControl(int atMost) {
    ModelWorker worker = anyWorker();
    for (int i = 0; !worker.isFrozen() && i <= atMost && worker.readControl(); i++) {
      // until it has read enough
    }
  }

  private void command() {
    boolean ends = random.nextBoolean();
    ModelJob job = anyJob(!ends);
    if (job == null) {
      return;
    }
    Instant deadline = Instant.ofEpochMilli(world.nowMs() + random.nextInt(1, 60_000));
    LogEntry entry =
        switch (random.nextInt(4)) {
          case 0 -> ends ? new Retry(job.id, null) : new Cancel(job.id, null);
          case 1 -> ends ? new Retry(job.id, deadline) : new Cancel(job.id, null);
          case 2 -> ends ? new Delete(job.id) : new RunNow(job.id);
          default -> random.nextBoolean() ? complete(job) : progress(job);
        };
    world.append(job.id.shard(), entry);
  }

  /** Preferably one that has ended, or one that has not. */
  private @Nullable ModelJob anyJob(boolean open) {
    ModelJob job = null;
    for (int i = 0; i < 5 && (job == null || job.isFinal() == open); i++) {
      job = world.jobs().users().any(random.nextInt(10_000));
    }
    return job;
  }

  /** Often with the token of its present dispatch, which often waits for none. */
  private LogEntry complete(ModelJob job) {
    int dispatch = job.dispatch - (random.nextInt(4) == 0 ? 1 : 0);
    ErrorInfo error = new ErrorInfo("oops", "it failed outside", null);
    Outcome outcome =
        random.nextInt(3) == 0 ? new Outcome.Failed(error, random.nextBoolean()) : specs.success();
    return new Complete(job.id, ModelSpecs.token(job.id, dispatch), outcome);
  }

  private LogEntry progress(ModelJob job) {
    Run run = new Run(job.id, job.dispatch, anyWorker().ref());
    return new Progressed(run, new JobProgress(0.5, "half"));
  }

  private void maintain(int dice) {
    Channel channel = anyChannel();
    if (dice < 5) {
      put(channel.queue(), specs.settings(channel.queue()));
    } else if (dice < 7) {
      world.ready(channel);
    } else if (dice < 9) {
      world.append(random.nextInt(ModelWorld.SHARDS), specs.types(channel.queue()));
    } else {
      drained(channel);
    }
  }

  /** All that was decided has long been sent when a topic is looked at. */
  private void drained(Channel channel) {
    world.catchUp();
    Instant before = Instant.ofEpochMilli(world.channels().drainedBefore(channel, world.nowMs()));
    world.appendToAll(new Drained(channel.queue(), channel.priority(), before));
  }

  private void put(String queue, QueueSettings settings) {
    world.append(shards.ofQueue(queue), new PutQueue(queue, settings));
  }

  private void fault(int dice) {
    Channel channel = anyChannel();
    ModelWorker worker = anyWorker();
    switch (dice) {
      case 0, 1, 2 -> {
        world.note(worker.ref() + " dies");
        worker.die();
      }
      case 3, 4 -> worker.freeze(world.nowMs() + random.nextInt(40_000));
      case 5, 6 -> world.pass(random.nextInt(60_000), false);
      case 7 -> world.channels().drop(channel);
      case 8, 9 -> world.channels().breakChannel(channel);
      case 10, 11, 12 -> worker.giveBack();
      case 13 -> worker.lose();
      case 14 -> deleteQueue(channel.queue());
      case 15 -> world.crash(anyShard());
      default -> world.repeatOldEvent();
    }
  }

  private void deleteQueue(String queue) {
    if (random.nextInt(3) == 0) {
      world.append(shards.ofQueue(queue), new DeleteQueue(queue));
      world.deleteTopics(queue);
    }
  }

  private void audit() {
    world.shards().forEach(shard -> ModelAudit.check(shard.store()));
    world.jobs().assertNothingLost(world.shards());
    world.shards().forEach(ModelScript::assertTickIsWanted);
  }

  private static void assertTickIsWanted(ModelShard shard) {
    var first = shard.store().rows().ceilingKey(Timers.first(0));
    if (first != null && first.get()[0] == 't') {
      assertTrue(shard.nextTickMs() <= Timers.dueMs(first), "a tick for the first timer");
    }
  }

  /** Faults stop: within a bounded time every job has ended, and nothing is left over. */
  void comeToRest() {
    world.calmDown();
    world.workers().forEach(worker -> worker.freeze(0));
    for (String queue : ModelSpecs.QUEUES) {
      put(queue, specs.settings(queue).withPaused(false));
      world.appendToAll(new TypesHandled(queue, random.nextBoolean() ? ModelSpecs.TYPES : null));
    }
    world.catchUp();
    while (!world.relaysAreEmpty()) {
      world.pumpRelays();
      world.catchUp();
    }
    for (String queue : ModelSpecs.QUEUES) {
      for (Priority priority : Priority.values()) {
        world.ready(new Channel(queue, priority));
      }
    }
    for (int step = 0; !isAtRest(); step++) {
      int steps = step;
      assertTrue(steps < REST_STEPS, () -> "not at rest: " + unfinished());
      calmStep(step);
    }
    audit();
    world.shards().forEach(ModelScript::assertNothingLeft);
    world.jobs().children().audit(world.shards());
  }

  private void calmStep(int step) {
    world.pass(STEP_MS, true);
    world.catchUp();
    int first = random.nextInt(world.workers().size());
    for (int turn = 0; turn < world.workers().size(); turn++) {
      ModelWorker worker = world.workers().get((turn + first) % world.workers().size());
      while (worker.readControl()) {
        world.catchUp();
      }
      ModelChannels.Item item = world.channels().take(random);
      if (item != null) {
        worker.take(item, false);
      }
      int runs = worker.runs().size();
      for (int i = 0; i < runs; i++) {
        worker.goOn(i, task -> calmOutcome(worker, task), step % 4 == 0 ? 0 : 5);
      }
    }
    world.pumpRelays();
    world.catchUp();
    if (step % 20 == 0) {
      for (String queue : ModelSpecs.QUEUES) {
        for (Priority priority : Priority.values()) {
          drained(new Channel(queue, priority));
        }
      }
    }
  }

  /** Half of the workers run mails, the others all else. */
  private Outcome calmOutcome(ModelWorker worker, Task task) {
    boolean mails = world.workers().indexOf(worker) % 2 == 0;
    return task.type().equals("mail") == mails
        ? specs.success()
        : new Outcome.Unhandled(task.type(), true);
  }

  private boolean isAtRest() {
    return world.jobs().users().unfinished() == 0
        && world.channels().isEmpty()
        && world.relaysAreEmpty()
        && world.workers().stream().allMatch(ModelWorker::isIdle)
        && world.shards().stream().allMatch(shard -> leftovers(shard).isEmpty());
  }

  private String unfinished() {
    StringBuilder text = new StringBuilder();
    world.jobs().users().all().values().stream()
        .filter(job -> !job.isFinal())
        .limit(5)
        .forEach(job -> text.append(rowOf(job)).append('\n'));
    world.shards().forEach(shard -> text.append(leftovers(shard)));
    return text.toString();
  }

  private @Nullable JobRow rowOf(ModelJob job) {
    return world.shards().get(job.id.shard()).store().get(JOBS, job.id);
  }

  private static void assertNothingLeft(ModelShard shard) {
    assertEquals(List.of(), leftovers(shard));
    shard
        .store()
        .scan(
            COUNTS,
            (_, counts) -> {
              assertEquals(0, counts.out(), "jobs that are out");
              return true;
            });
  }

  /** Rows of lines, places, leases, walks and the outbox, none of which outlives its jobs. */
  private static List<String> leftovers(ModelShard shard) {
    return shard.store().rows().keySet().stream()
        .filter(key -> "qblhoneykdxWXV".indexOf(key.get()[0]) >= 0)
        .map(Object::toString)
        .limit(5)
        .toList();
  }

  private ModelShard home(String queue) {
    return world.shards().get(shards.ofQueue(queue));
  }

  private ModelShard anyShard() {
    return world.shards().get(random.nextInt(ModelWorld.SHARDS));
  }

  private ModelWorker anyWorker() {
    return world.workers().get(random.nextInt(world.workers().size()));
  }

  private Channel anyChannel() {
    Priority[] all = Priority.values();
    return new Channel(specs.queue(), all[random.nextInt(all.length)]);
  }
}
