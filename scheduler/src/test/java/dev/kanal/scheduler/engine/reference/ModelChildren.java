package dev.kanal.scheduler.engine.reference;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ChildName;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.job.ChildRow;
import dev.kanal.scheduler.engine.row.JobRow;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Jobs that the model's handlers submit, and what must come of them. */
final class ModelChildren {
  /** Handlers of this type submit nothing. */
  private static final String TYPE = "leaf";

  private static final int NAMES = 3;

  private final Set<JobId> made = new HashSet<>();
  private final Set<JobId> stopped = new HashSet<>();

  /** What a handler says in the midst of its work, once or again. */
  static LogEntry said(Task task, Run run, int choice) {
    if (task.type().equals(TYPE) || choice % 4 == 0) {
      Instant at = task.enqueuedAt();
      return new Logged(run, choice % 7, choice % 2, List.of(new LogLine(at, "line " + choice)));
    }
    int number = choice % NAMES;
    JobSpec spec =
        JobSpec.of(TYPE, JsonBytes.of("{}"))
            .withQueue("free")
            .withDeadline(task.deadline())
            .withKey(number == 0 ? new JobKey("k0", 1) : null)
            .withParent(task.job());
    ChildName name = new ChildName("c" + number);
    Instant since = task.childrenSince() == null ? task.enqueuedAt() : task.childrenSince();
    JobId child =
        new Shards(ModelWorld.SHARDS).ofChild(task.job(), name, since, new Shards.Home(spec, null));
    return new SubmitChild(run, name.text(), child, spec, TraceContext.NONE, number == 2);
  }

  /** What was relayed is an entry of its own, if it was taken. */
  ModelShard.Applied taken(ModelShard.Applied applied, ModelUsers users) {
    if (!(applied.entry() instanceof Relayed relayed)) {
      return applied;
    }
    boolean taken =
        switch (relayed.entry()) {
          case Submit submit ->
              users.job(submit.job()) == null && applied.shard().store().has(JOBS, submit.job());
          case Cancel cancel -> applied.changed().containsKey(JOBS.key(cancel.job()));
          default -> false;
        };
    if (!taken) {
      return applied;
    }
    switch (relayed.entry()) {
      case Submit submit -> assertTrue(made.add(submit.job()), () -> "made twice: " + submit);
      case Cancel cancel -> stopped.add(cancel.job());
      default -> {}
    }
    return new ModelShard.Applied(
        applied.shard(),
        relayed.entry(),
        applied.offset(),
        applied.timeMs(),
        applied.changed(),
        applied.effects());
  }

  /** Each child that its parent knows was made, and only what is its parent's to stop was. */
  void audit(List<ModelShard> shards) {
    for (ModelShard shard : shards) {
      for (var row : shard.store().rows().entrySet()) {
        if (row.getKey().get()[0] == 'K') {
          ChildRow child = ChildRow.CHILDREN.values().decode(row.getValue());
          assertTrue(made.contains(child.child()), () -> "never made: " + child);
          assertTrue(
              !child.detached() || !stopped.contains(child.child()),
              () -> "stopped, though detached: " + child);
          followed(shards, child, JobId.fromBytes(row.getKey().get(), 1));
        }
      }
    }
  }

  private static void followed(List<ModelShard> shards, ChildRow child, JobId parent) {
    JobRow above = shards.get(parent.shard()).store().get(JOBS, parent);
    JobRow below = shards.get(child.child().shard()).store().get(JOBS, child.child());
    if (above == null || below == null || child.detached()) {
      return;
    }
    boolean late =
        above.state() == JobState.CANCELLED
            && below.state() == JobState.SUCCEEDED
            && below.status().commandOffset() < 0
            && below.status().sinceMs() > above.status().sinceMs() + 120_000;
    assertTrue(!late, () -> below + " has outlived " + above);
  }
}
