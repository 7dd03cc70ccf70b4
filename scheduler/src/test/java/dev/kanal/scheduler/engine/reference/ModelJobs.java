package dev.kanal.scheduler.engine.reference;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.READY;
import static dev.kanal.scheduler.engine.row.Tables.SETTINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.table.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The safety of all jobs: learns of each record that a shard has applied, and checks what the shard
 * tells and writes against what users may expect.
 */
final class ModelJobs {
  private static final Outcome TIME_UP =
      new Outcome.TimedOut(new ErrorInfo("timeout", "nobody came", null));

  private final ModelUsers users = new ModelUsers();
  private final ModelChildren children = new ModelChildren();
  private final List<ModelPlaces> places = new ArrayList<>();

  ModelJobs() {
    for (int shard = 0; shard < ModelWorld.SHARDS; shard++) {
      places.add(new ModelPlaces());
    }
  }

  ModelUsers users() {
    return users;
  }

  ModelChildren children() {
    return children;
  }

  ModelPlaces places(int shard) {
    return places.get(shard);
  }

  void applied(ModelShard.Applied read) {
    ModelShard.Applied applied = children.taken(read, users);
    ModelStore store = applied.shard().store();
    JobId subject = new Input.Entry(applied.entry()).job();
    JobRow after = subject == null ? null : store.get(JOBS, subject);
    JobRow before = after;
    List<Change> changes = new ArrayList<>();
    for (var changed : applied.changed().entrySet()) {
      Change change = new Change(row(changed.getValue()), row(store.get(changed.getKey())));
      if (change.before != null || change.after != null) {
        changes.add(change);
      }
      if (subject != null && changed.getKey().equals(JOBS.key(subject))) {
        before = change.before;
      }
    }
    ModelUsers.Verdict verdict = users.expect(applied.entry(), before, store, applied.timeMs());
    ModelPlaces mine = places.get(applied.shard().number);
    mine.commanded(applied.entry(), before, after);
    effects(applied, mine);
    changes.forEach(change -> changed(applied, change));
    mine.changed(changes, applied);
    if (verdict != null) {
      verdict.check(after);
    }
  }

  private void effects(ModelShard.Applied applied, ModelPlaces mine) {
    for (Effect effect : applied.effects()) {
      switch (effect) {
        case Effect.Event(Transition transition) -> transition(applied, transition);
        case Effect.Dispatch(var channel, var task, var _) -> {
          dispatched(applied, channel, task);
          ModelJob job = users.job(task.job());
          mine.dispatched(applied, channel, job != null && job.unhandledMs > 0);
        }
        default -> {}
      }
    }
  }

  private void transition(ModelShard.Applied applied, Transition transition) {
    ModelJob job = Objects.requireNonNull(users.job(transition.job()), "a job that was submitted");
    JobState from = job.state;
    JobState to = transition.state();
    boolean stays = from == to && from == JobState.BLOCKED;
    if (from != null && !stays && !from.canBecome(to)) {
      throw new AssertionError("Expected a successor of " + from + ", but " + job + " is " + to);
    }
    if (from != null && from.isFinal()) {
      assertTrue(
          applied.entry() instanceof Retry(var id, _) && id.equals(job.id), "revived " + job);
    }
    if ("timed-out".equals(transition.outcome()) && applied.entry() instanceof Tick) {
      ModelUsers.ended(job, TIME_UP, applied.timeMs());
    }
    if (!hasCause(applied, job, transition)) {
      throw new AssertionError("Expected a cause for " + transition + ", but none is in " + job);
    }
    job.state = to;
    if ("lost".equals(transition.outcome())) {
      job.unhandledMs = 0;
    }
  }

  private static boolean hasCause(ModelShard.Applied applied, ModelJob job, Transition transition) {
    LogEntry entry = applied.entry();
    boolean own = transition.job().equals(new Input.Entry(entry).job());
    return switch (transition.state()) {
      case SCHEDULED -> job.dueMs > applied.timeMs();
      case BLOCKED, QUEUED -> true;
      case RUNNING -> own && (entry instanceof AskToRun || entry instanceof Leased || parks(entry));
      case RETRYING -> isTimeUp(entry, transition) || (own && ends(entry));
      case SUCCEEDED -> own && ends(entry);
      case CANCELLED -> own && entry instanceof Cancel;
      case EXPIRED -> job.deadlineMs <= applied.timeMs();
      case DEAD -> isReason(applied, job, transition.reason());
    };
  }

  private static boolean parks(LogEntry entry) {
    return entry instanceof Finished finished && finished.outcome() instanceof Outcome.Parked;
  }

  private static boolean ends(LogEntry entry) {
    return entry instanceof Complete || (entry instanceof Finished && !parks(entry));
  }

  /** Nobody has completed a parked attempt in its time. */
  private static boolean isTimeUp(LogEntry entry, Transition transition) {
    return entry instanceof Tick && "timed-out".equals(transition.outcome());
  }

  private static boolean isReason(
      ModelShard.Applied applied, ModelJob job, @Nullable String reason) {
    LogEntry entry = applied.entry();
    if (Reason.ATTEMPTS_EXHAUSTED.text().equals(reason)) {
      return job.failures >= job.granted();
    } else if (Reason.NOT_RETRYABLE.text().equals(reason)) {
      return ends(entry);
    } else if (Reason.WORKER_LOST.text().equals(reason)) {
      return entry instanceof HeldLeases || entry instanceof Tick;
    }
    QueueRow queue = queue(applied.shard().store(), job.spec.queue());
    return Reason.QUEUE_DELETED.text().equals(reason) && queue != null && queue.isDeleted();
  }

  private void dispatched(ModelShard.Applied applied, Channel channel, Task task) {
    ModelJob job = Objects.requireNonNull(users.job(task.job()), "a job that was submitted");
    long now = applied.timeMs();
    assertEquals(JobState.QUEUED, job.state, "the state of a job that is sent");
    assertEquals(job.dispatch + 1, task.dispatch(), "dispatches in a row");
    assertEquals(job.failures + 1, task.attempt(), "the number of the attempt");
    assertEquals(new Channel(job.spec.queue(), job.spec.priority()), channel);
    assertTrue(job.dueMs <= now, () -> "sent at " + now + ", before its time " + job.dueMs);
    assertTrue(job.deadlineMs > now, () -> "sent at " + now + ", after its deadline");
    assertTrue(job.failures < job.granted(), "sent though its attempts are used up");
    ModelStore store = applied.shard().store();
    QueueRow queue = queue(store, channel.queue());
    assertTrue(queue == null || (queue.settings() != null && !queue.settings().paused()), "paused");
    assertTrue(store.has(READY, channel), "sent to a topic that is not ready");
    assertTrue(ModelUsers.runs(store, job.spec), "sent though nobody runs its type");
    job.dispatch = task.dispatch();
  }

  private void changed(ModelShard.Applied applied, Change change) {
    JobRow before = change.before;
    JobRow after = change.after;
    if (after == null) {
      removed(applied, Objects.requireNonNull(before));
      return;
    }
    ModelJob job = Objects.requireNonNull(users.job(after.id()), "a job that was submitted");
    assertEquals(job.state, after.state(), "the last state");
    assertEquals(job.dispatch, after.status().sent().dispatch(), "the dispatch sent last");
    assertEquals(job.failures, after.status().tries().failures(), "attempts that count");
    if (before != null && before.state().isFinal() && after.state().isFinal()) {
      assertEquals(before.state(), after.state(), "the one end of a job");
      assertEquals(before.status().sinceMs(), after.status().sinceMs());
      assertEquals(before.status().reason(), after.status().reason());
    }
    if (after.status().gate() == Gate.TYPE) {
      job.unhandledMs = 0;
    }
    if (before != null && isUnhandled(applied.entry())) {
      assertEquals(
          before.status().tries().ended(), after.status().tries().ended(), "ended attempts");
    }
    if (after.state() == JobState.RETRYING) {
      assertEquals(job.dueMs, after.status().dueMs(), "the time of the next attempt");
    }
  }

  private static boolean isUnhandled(LogEntry entry) {
    return entry instanceof Finished finished && finished.outcome() instanceof Outcome.Unhandled;
  }

  private void removed(ModelShard.Applied applied, JobRow row) {
    boolean byUser = applied.entry() instanceof Delete(var id) && id.equals(row.id());
    boolean byTime = applied.entry() instanceof Tick && row.keptUntilMs() <= applied.timeMs();
    assertTrue(row.state().isFinal(), () -> "lost " + row);
    assertTrue(byUser || byTime, () -> "removed without a reason: " + row);
    assertTrue(!byUser || !row.status().holdsKey(), () -> "removed with its key's place: " + row);
    users.removed(row);
  }

  static @Nullable JobRow row(byte @Nullable [] bytes) {
    return bytes == null ? null : JOBS.values().decode(bytes);
  }

  static @Nullable QueueRow queue(ModelStore store, String name) {
    return store.get(SETTINGS, name);
  }

  /** Every job that was accepted and not removed has its row in its shard, and nobody else. */
  void assertNothingLost(List<ModelShard> shards) {
    Map<JobId, ModelJob> all = users.all();
    all.values().stream()
        .filter(job -> !shards.get(job.id.shard()).store().has(JOBS, job.id))
        .findAny()
        .ifPresent(job -> assertEquals(null, job, "a job that is lost"));
    Bytes from = Bytes.wrap(new byte[] {'j'});
    long rows = 0;
    for (ModelShard shard : shards) {
      rows += shard.store().rows().subMap(from, Range.endOfLetter(from)).size();
    }
    assertEquals(all.size(), rows, "jobs");
  }

  /** A row of a job that one record has changed. */
  record Change(@Nullable JobRow before, @Nullable JobRow after) {}
}
