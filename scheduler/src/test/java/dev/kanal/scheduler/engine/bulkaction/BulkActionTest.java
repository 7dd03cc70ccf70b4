package dev.kanal.scheduler.engine.bulkaction;

import static dev.kanal.scheduler.engine.row.Tables.BULKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkActionPart;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.read.JobViews;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import dev.kanal.scheduler.engine.row.BulkActionRow.Status;
import dev.kanal.scheduler.engine.row.BulkActionRow.Tally;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bulk actions in one shard. */
final class BulkActionTest {
  private static final JobId BULK = JobId.of(0, 1, 1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Set<JobState> WAITING = Set.of(JobState.SCHEDULED, JobState.QUEUED);

  private final ShardStory story = ShardStory.ready();

  /** Hazard 11, bulk: a step does no more than 100 jobs, and others go on between steps. */
  @Test
  void shouldTakeAtMost100JobsAStep_whileOthersGoOn() {
    later(1_200);
    order(BulkAction.CANCEL, JobFilter.ALL.withStates(WAITING));

    long before = 0;
    int steps = 0;
    while (row().status() == Status.RUNNING) {
      JobId other = story.submit();
      story.succeed(story.nextTask());
      story.assertState(JobState.SUCCEEDED, other);
      story.tick();
      long done = row().tally().done();
      assertTrue(done - before <= 100, "in one step: " + (done - before));
      before = done;
      steps++;
    }

    assertEquals(new Tally(1_200, 1_200, 0, 0), row().tally());
    assertTrue(steps >= 3, "steps: " + steps);
    assertEquals(1_200, story.count("default", JobState.CANCELLED));
  }

  @Test
  void shouldTakeOnlyWhatWasThere_whenItWasOrdered() {
    later(10);
    story.away(Duration.ofMillis(1));
    order(BulkAction.CANCEL, JobFilter.ALL.withStates(WAITING));
    story.away(Duration.ofMillis(1));
    List<JobId> after = later(10);

    runOut();

    assertEquals(10, row().tally().done());
    after.forEach(job -> story.assertState(JobState.SCHEDULED, job));
  }

  /** Hazard 11, retry of all: jobs that die again are not taken again. */
  @Test
  void shouldRetryEachJobOnce_whenItDiesAgain() {
    List<JobId> dead = dead(60);
    story.away(Duration.ofMillis(1));
    JobFilter filter = JobFilter.ALL.withStates(Set.of(JobState.DEAD));
    order(BulkAction.RETRY, filter);

    while (row().status() == Status.RUNNING) {
      story.away(Duration.ofMillis(1));
      story.tick();
      assertTrue(story.tasksWaiting() <= 25, "in one step: " + story.tasksWaiting());
      die();
    }

    assertEquals(new Tally(60, 60, 0, 0), row().tally());
    dead.forEach(job -> assertEquals(2, story.view(job).attempts().size()));
  }

  @Test
  void shouldGoOnWhereItWas_whenTheShardMoves() {
    later(1_200);
    order(BulkAction.CANCEL, JobFilter.ALL.withStates(WAITING));
    story.tick();
    long done = row().tally().done();

    story.move();

    assertTrue(done > 0 && done < 1_200, "done: " + done);
    assertTrue(story.nextTickMs() < story.at().toEpochMilli() + 2_000, "a tick is wanted soon");
    runOut();
    assertEquals(new Tally(1_200, 1_200, 0, 0), row().tally());
  }

  @Test
  void shouldLeaveTheRest_whenStopped() {
    later(1_200);
    order(BulkAction.CANCEL, JobFilter.ALL.withStates(WAITING));
    story.tick();

    story.append(new StopBulkAction(BULK));
    runOut();

    assertEquals(Status.STOPPED, row().status());
    assertEquals(100, row().tally().done());
    assertEquals(1_100, story.count("default", JobState.SCHEDULED));
  }

  @Test
  void shouldOnlyCount_inADryRun() {
    later(700);
    append(
        new BulkActionOrder(BulkAction.CANCEL, JobFilter.ALL.withStates(WAITING), List.of(), true));

    runOut();

    assertEquals(new Tally(700, 0, 0, 0), row().tally());
    assertEquals(700, story.count("default", JobState.SCHEDULED));
  }

  @Test
  void shouldTakeListedJobs_andSayWhichItCouldNot() {
    List<JobId> jobs = new ArrayList<>(later(600));
    JobId done = story.submit();
    story.succeed(story.nextTask());
    jobs.add(done);
    jobs.add(JobId.of(0, 77, 77));

    append(new BulkActionOrder(BulkAction.CANCEL, null, jobs, false));
    runOut();

    assertEquals(new Tally(602, 600, 2, 0), row().tally());
    story.assertState(JobState.SUCCEEDED, done);
    assertEquals(List.of(), row().order().jobs());
  }

  @Test
  void shouldDeleteWhatHasEnded() {
    List<JobId> dead = dead(20);
    JobId alive = later(1).getFirst();
    order(BulkAction.DELETE, JobFilter.ALL.withStates(Set.of(JobState.DEAD)));

    runOut();

    dead.forEach(job -> assertNull(JobViews.read(story.store, job)));
    story.assertState(JobState.SCHEDULED, alive);
  }

  @Test
  void shouldPurgeWhatWaitsInAQueue_andLeaveWhatRuns() {
    story.queueReady("other", "topic-2");
    JobId other = story.submit(JobSpec.of("a", JsonBytes.NULL).withQueue("other"));
    JobId runs = story.submit();
    story.nextTask();
    story.lease(story.nextTask());
    JobId queued = story.submit();
    JobId waits = later(1).getFirst();

    append(BulkActionOrder.purge("default"));
    runOut();

    story.assertState(JobState.RUNNING, runs);
    story.assertState(JobState.QUEUED, other);
    for (JobId job : List.of(queued, waits)) {
      assertEquals(JobState.CANCELLED, story.view(job).state());
      assertEquals(Reason.PURGED, story.view(job).reason());
    }
  }

  @Test
  void shouldGiveEveryShardItsPart_andListOnlyItsOwnJobs() {
    ShardStory home = new ShardStory(new Decisions(EngineRules.DEFAULT, new Shards(4)));
    List<JobId> jobs = List.of(JobId.of(1, 1, 1), JobId.of(3, 1, 1), JobId.of(1, 2, 1));
    home.append(
        new StartBulkAction(BULK, new BulkActionOrder(BulkAction.DELETE, null, jobs, false)));
    home.append(
        new StartBulkAction(BULK, new BulkActionOrder(BulkAction.DELETE, null, jobs, false)));
    home.append(new StopBulkAction(BULK));

    List<Effect.Relay> relayed =
        home.effects.stream()
            .filter(Effect.Relay.class::isInstance)
            .map(Effect.Relay.class::cast)
            .toList();

    assertEquals(List.of(1, 2, 3, 1, 2, 3), relayed.stream().map(Effect.Relay::to).toList());
    LogEntry first = relayed.getFirst().entry();
    assertEquals(
        List.of(jobs.get(0), jobs.get(2)),
        first instanceof BulkActionPart part ? part.order().jobs() : 0);
    assertEquals(new StopBulkActionPart(BULK), relayed.getLast().entry());
  }

  @Test
  void shouldForgetAnActionADayAfterItsEnd_whenAnotherBegins() {
    order(BulkAction.CANCEL, JobFilter.ALL.withStates(WAITING));
    runOut();
    story.away(BulkActionDecisions.KEPT.minusMillis(1));
    story.append(new StartBulkAction(JobId.of(0, 2, 2), BulkActionOrder.purge("a")));
    assertNotNull(story.store.get(BULKS, BULK));

    story.away(Duration.ofMillis(1));
    story.append(new StartBulkAction(JobId.of(0, 3, 3), BulkActionOrder.purge("a")));

    assertNull(story.store.get(BULKS, BULK));
  }

  private void order(BulkAction action, JobFilter filter) {
    append(new BulkActionOrder(action, filter, List.of(), false));
  }

  private void append(BulkActionOrder order) {
    story.append(new StartBulkAction(BULK, order));
  }

  private void runOut() {
    for (int i = 0; i < 20; i++) {
      story.tick();
    }
  }

  private BulkActionRow row() {
    return Objects.requireNonNull(story.store.get(BULKS, BULK), "bulk action");
  }

  private List<JobId> later(int jobs) {
    List<JobId> all = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      JobSpec spec = JobSpec.of("sum", JsonBytes.NULL);
      all.add(story.submit(spec.withStart(new StartTime.After(HOUR))));
    }
    return all;
  }

  private List<JobId> dead(int jobs) {
    List<JobId> all = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      all.add(story.submit());
    }
    die();
    return all;
  }

  private void die() {
    while (story.tasksWaiting() > 0) {
      Task task = story.nextTask();
      story.finish(task, new Outcome.Failed(new ErrorInfo("oops", "no", null), false));
    }
  }
}
