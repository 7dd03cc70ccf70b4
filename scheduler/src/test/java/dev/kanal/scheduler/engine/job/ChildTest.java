package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ChildName;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.bulkaction.JobScan;
import dev.kanal.scheduler.engine.read.JobViews;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.BlockedHeads;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Shard 0, with a parent; what it asks of itself is brought twice, what of others is noted. */
final class ChildTest {
  private static final TraceContext TRACE = new TraceContext(null, null, "tenant=7");

  private final ShardStory story = ShardStory.ready();
  private final List<LogEntry> toOthers = new ArrayList<>();
  private final JobId parent = story.submit();
  private final Task task = story.nextTask();
  private int relayed;

  @Test
  void shouldSubmitAChild_once() {
    JobId child = submit(task, "a", 0, false);
    submit(task, "a", 0, false);
    story.assertState(JobState.QUEUED, child);
    assertEquals(parent, story.view(child).spec().parent());
    assertEquals(TRACE, story.view(child).trace());
    assertEquals(List.of(child), story.sentJobs());
  }

  @Test
  void shouldKnowTheChildren_whenTheParentIsRunAgain() {
    JobId child = submit(task, "a", 0, false);
    var _ = story.sentJobs();
    story.fail(task);
    story.pass(Duration.ofSeconds(5));
    Task again = story.nextTask();
    assertEquals(task.enqueuedAt(), again.childrenSince());
    assertEquals(child, submit(again, "a", 0, false));
    JobId other = submit(again, "b", 0, false);
    assertEquals(List.of(other), story.sentJobs());
  }

  @Test
  void shouldNotSay_whenTheParentHasNone() {
    story.fail(task);
    story.pass(Duration.ofSeconds(5));
    assertNull(story.nextTask().childrenSince());
  }

  @Test
  void shouldMakeNoChildren_ofARunThatDoesNotCountAnyMore() {
    story.fail(task);
    JobId late = submit(task, "a", 0, false);
    story.pass(Duration.ofSeconds(5));
    JobId later = submit(task, "b", 0, false);
    assertNull(JobViews.read(story.store, late));
    assertNull(JobViews.read(story.store, later));
    assertEquals(0, story.count('K'));
  }

  @Test
  void shouldMakeNoChildren_ofACancelledParent() {
    story.lease(task);
    story.cancel(parent);
    assertNull(JobViews.read(story.store, submit(task, "a", 0, false)));
  }

  @Test
  void shouldAskTheChildsOwnShard_forIt() {
    JobId child = submit(task, "a", 3, false);
    assertEquals(List.of(new Submit(child, spec(), TRACE)), toOthers);
  }

  @Test
  void shouldCancelChildren_withTheirParent() {
    JobId child = submit(task, "a", 0, false);
    JobId detached = submit(task, "b", 0, true);
    JobId away = submit(task, "c", 3, false);
    toOthers.clear();
    cancelParent();
    story.assertState(JobState.CANCELLED, child);
    story.assertState(JobState.QUEUED, detached);
    assertEquals(List.of(new Cancel(away, null)), toOthers);
    assertEquals(0, story.count('W'));
  }

  @Test
  void shouldLeaveChildrenAlone_whenTheParentEndsOtherwise() {
    JobId child = submit(task, "a", 0, false);
    story.succeed(task);
    pump();
    story.assertState(JobState.QUEUED, child);
    assertEquals(0, story.count('W'));
  }

  @Test
  void shouldLeaveAChildAsItEnded() {
    JobId child = submit(task, "a", 0, false);
    story.succeed(story.nextTask());
    cancelParent();
    story.assertState(JobState.SUCCEEDED, child);
  }

  @Test
  void shouldCancelTheChildren_ofChildren() {
    JobId child = submit(task, "a", 0, false);
    Task childTask = story.nextTask();
    JobId grandchild = submit(childTask, "a", 0, false);
    cancelParent();
    story.assertState(JobState.CANCELLED, child);
    story.assertState(JobState.CANCELLED, grandchild);
  }

  @Test
  void shouldRefuseChildren_beyondTheirBound() {
    for (int i = 0; i < ChildDecisions.MAX; i++) {
      submit(task, "n" + i, 3, false);
    }
    toOthers.clear();
    JobId one = submit(task, "one too many", 0, false);
    JobId other = submit(task, "two too many", 3, false);
    assertEquals(Reason.TOO_MANY_CHILDREN, story.view(one).reason());
    story.assertState(JobState.DEAD, one);
    assertEquals(
        List.of(new RefuseChild(other, spec(), TRACE, Reason.TOO_MANY_CHILDREN)), toOthers);
    assertEquals(ChildDecisions.MAX, story.count('K'));
  }

  /** A thousand cancels take more than one step, and each child gets one. */
  @Test
  void shouldCancelAThousandChildren_inBoundedSteps() {
    for (int i = 0; i < ChildDecisions.MAX; i++) {
      submit(task, "n" + i, 3, false);
    }
    toOthers.clear();
    story.cancel(parent);
    story.tick();
    pump();
    assertEquals(EngineRules.DEFAULT.itemsMax(), toOthers.size());
    story.tick();
    story.tick();
    pump();
    assertEquals(ChildDecisions.MAX, toOthers.stream().distinct().count());
    assertEquals(ChildDecisions.MAX, toOthers.size());
  }

  @Test
  void shouldGoOnCancelling_whenTheShardMovesMeanwhile() {
    for (int i = 0; i < ChildDecisions.MAX; i++) {
      submit(task, "n" + i, 3, false);
    }
    toOthers.clear();
    story.cancel(parent);
    story.tick();
    story.move();
    ticks();
    assertEquals(ChildDecisions.MAX, toOthers.stream().distinct().count());
  }

  @Test
  void shouldLeaveNothing_whenTheParentIsDeleted() {
    for (int i = 0; i < 100; i++) {
      submit(task, "n" + i, 3, i % 2 == 0);
    }
    story.succeed(task);
    story.append(new Delete(parent));
    ticks();
    assertEquals(List.of(), story.rowsOf(parent));
  }

  @Test
  void shouldCancelTheChildren_evenIfTheParentIsDeletedAtOnce() {
    for (int i = 0; i < ChildDecisions.MAX; i++) {
      submit(task, "n" + i, 3, false);
    }
    toOthers.clear();
    story.cancel(parent);
    story.append(new Delete(parent));
    ticks();
    assertEquals(ChildDecisions.MAX, toOthers.stream().distinct().count());
    assertEquals(List.of(), story.rowsOf(parent));
  }

  @Test
  void shouldFindTheSameChildren_whenACancelledParentIsRetried() {
    JobId child = submit(task, "a", 0, false);
    cancelParent();
    var _ = story.sentJobs();
    story.append(new Retry(parent, null));
    Task again = story.nextTask();
    assertEquals(child, submit(again, "a", 0, false));
    story.assertState(JobState.CANCELLED, child);
  }

  @Test
  void shouldUseADeletedQueueAnew() {
    JobId child = submit(task, "a", 0, false);
    var _ = story.sentJobs();
    story.append(new LogEntry.QueueChanged("gone", null, 1));
    story.tick();
    JobId other = submit(task, "b", 0, spec().withQueue("gone"));
    story.assertState(JobState.QUEUED, child);
    story.assertState(JobState.BLOCKED, other);
    story.queueReady("gone", "topic-2");
    story.assertState(JobState.QUEUED, other);
  }

  @Test
  void shouldAskForAQueue_thatHasNoTopic_andEndTheChildIfThereIsNone() {
    JobId child = submit(task, "a", 0, spec().withQueue("unknown"));
    story.assertState(JobState.BLOCKED, child);
    Effect wanted = new Effect.Wanted(new Channel("unknown", Priority.NORMAL));
    assertTrue(story.effects.contains(wanted));
    story.append(new RefuseChild(child, story.view(child).spec(), TRACE, Reason.QUEUE_DELETED));
    story.assertState(JobState.DEAD, child);
    assertEquals("{\"n\":1}", story.view(child).spec().payload().toString());
  }

  @Test
  void shouldFindChildren_byTheirParent() {
    submit(task, "a", 0, false);
    JobRow row =
        Objects.requireNonNull(
            new Step(0, story.store, Meta.START, new BlockedHeads(), Decisions.DERIVED)
                .job(id("a", 0)));
    JobFilter all = JobFilter.ALL;
    assertTrue(JobScan.isMeant(withParent(all, parent), row));
    assertTrue(!JobScan.isMeant(withParent(all, row.id()), row));
  }

  private static JobFilter withParent(JobFilter filter, JobId parent) {
    return new JobFilter(
        filter.states(), null, null, filter.tags(), null, null, parent, null, null, null, Set.of());
  }

  private void cancelParent() {
    story.cancel(parent);
    ticks();
  }

  private void ticks() {
    for (int i = 0; i < 10; i++) {
      story.tick();
      pump();
    }
  }

  private JobSpec spec() {
    return spec(parent);
  }

  private static JobSpec spec(JobId parent) {
    return JobSpec.of("sum", JsonBytes.of("{\"n\":1}")).withParent(parent);
  }

  private JobId submit(Task run, String name, int shard, boolean detached) {
    Instant since = run.childrenSince() == null ? run.enqueuedAt() : run.childrenSince();
    JobId child = JobId.of(shard, since.toEpochMilli(), new ChildName(name).hash(run.job()));
    append(new SubmitChild(run(run), name, child, spec(run.job()), TRACE, detached));
    return child;
  }

  private JobId submit(Task run, String name, int shard, JobSpec spec) {
    JobId child = id(name, shard);
    append(new SubmitChild(run(run), name, child, spec, TRACE, false));
    return child;
  }

  private JobId id(String name, int shard) {
    return JobId.of(shard, task.enqueuedAt().toEpochMilli(), new ChildName(name).hash(parent));
  }

  private static Run run(Task run) {
    return ShardStory.run(run, ShardStory.WORKER);
  }

  private void append(LogEntry entry) {
    story.append(entry);
    story.applyAgain(entry);
    pump();
  }

  private void pump() {
    while (relayed < story.effects.size()) {
      if (story.effects.get(relayed++) instanceof Effect.Relay(int to, var sequence, var entry)) {
        if (to == 0) {
          story.append(new Relayed(0, sequence, entry));
          story.append(new Relayed(0, sequence, entry));
        } else {
          toOthers.add(entry);
        }
        story.append(new RelayDone(to, sequence));
      }
    }
  }

  @Test
  void shouldGiveAChildTheSameId_forTheSameParentNameAndHome() {
    Shards shards = new Shards(16);
    Instant since = Instant.ofEpochMilli(5_000);
    Shards.Home home = new Shards.Home(spec(), null);
    JobId first = shards.ofChild(parent, new ChildName("a"), since, home);
    assertEquals(first, shards.ofChild(parent, new ChildName("a"), since, home));
    assertTrue(!first.equals(shards.ofChild(parent, new ChildName("b"), since, home)));
    assertTrue(!first.equals(shards.ofChild(first, new ChildName("a"), since, home)));
    JobSpec keyed = spec().withKey(new JobKey("k", 1));
    int shard = shards.ofJob(keyed, null).orElseThrow();
    Shards.Home keyedHome = new Shards.Home(keyed, null);
    assertEquals(shard, shards.ofChild(parent, new ChildName("a"), since, keyedHome).shard());
  }
}
