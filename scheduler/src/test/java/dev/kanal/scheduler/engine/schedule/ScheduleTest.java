package dev.kanal.scheduler.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.log.LogEntry.DeleteSchedule;
import dev.kanal.common.log.LogEntry.PauseSchedule;
import dev.kanal.common.log.LogEntry.PutSchedule;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.TriggerSchedule;
import dev.kanal.common.log.Shards;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.ConcurrencyPolicy;
import dev.kanal.common.schedule.Misfire;
import dev.kanal.common.schedule.Misfire.Policy;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  private static final ScheduleSpec SPEC = ScheduleStory.TEN_SECONDS;
  private static final ScheduleSpec EACH_SECOND =
      ScheduleSpec.of(new Cadence.Every(Duration.ofSeconds(1)), ScheduleStory.JOB);

  @Test
  void shouldMakeAJobAtEachTick_andNotBefore() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    story.pass(9);
    assertEquals(List.of(), story.runs());
    story.pass(1);
    Task task = story.shard.nextTask();
    assertEquals(JsonBytes.of("{\"a\":1}"), task.payload());
    ScheduledRun run = story.runs().getFirst();
    assertEquals(run.job(), task.job());
    assertEquals(
        new ScheduleTick(ScheduleStory.NAME, run.tick()),
        story.shard.view(run.job()).spec().tick());
    story.pass(25);
    assertEquals(List.of(10L, 20L, 30L), story.ticks());
    assertEquals(2, story.shard.tasksWaiting());
  }

  /** Hazard 8: a schedule and its job's key live in shards of their own. */
  @Test
  void shouldBringAJobToTheShardOfItsKey() {
    Shards shards = new Shards(16);
    ScheduleStory story = new ScheduleStory(new Decisions(EngineRules.DEFAULT, shards));
    Set<Integer> to = new HashSet<>();
    for (String key : List.of("a", "b", "c", "d", "e")) {
      JobSpec job = ScheduleStory.JOB.withKey(new JobKey(key, 1));
      story.shard.effects.clear();
      story.shard.append(
          new PutSchedule(
              ScheduleStory.NAME, ScheduleSpec.of(SPEC.cadence(), job), Precondition.NONE));
      story.shard.append(new TriggerSchedule(ScheduleStory.NAME));
      Effect.Relay relay = (Effect.Relay) story.shard.effects.getFirst();
      Submit submit = (Submit) relay.entry();
      assertEquals(shards.of(JobSpec.DEFAULT_QUEUE, key), relay.to());
      assertEquals(relay.to(), submit.job().shard());
      to.add(relay.to());
    }
    assertTrue(to.size() > 1, "the keys live in several shards");
  }

  @Test
  void shouldRememberHowItsJobsEnded() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    story.pass(10);
    assertNull(story.runs().getFirst().state());
    story.pass(1);
    story.succeed();
    ScheduledRun run = story.runs().getFirst();
    assertEquals(JobState.SUCCEEDED, run.state());
    assertEquals(story.shard.at(), run.endedAt());
  }

  @Test
  void shouldRememberTheNewestRunsOnly() {
    ScheduleStory story = ScheduleStory.of(EACH_SECOND);
    story.pass(30);
    assertEquals(LongStream.rangeClosed(11, 30).boxed().toList(), story.ticks());
    assertEquals(30, story.shard.tasksWaiting());
  }

  @Test
  void shouldMakeEachJobOnce_whenTheShardMovesAtEveryTick() {
    ScheduleStory story = ScheduleStory.of(EACH_SECOND);
    Set<Object> jobs = new HashSet<>();
    for (int i = 0; i < 120; i++) {
      story.pass(1);
      story.shard.move();
    }
    while (story.shard.tasksWaiting() > 0) {
      assertTrue(jobs.add(story.shard.nextTask().job()));
    }
    assertEquals(120, jobs.size());
  }

  @Test
  void shouldCatchUp_whenItWasAway() {
    ScheduleStory once = ScheduleStory.of(EACH_SECOND);
    once.away(Duration.ofSeconds(60));
    assertEquals(List.of(54L, 55L, 56L, 57L, 58L, 59L, 60L), once.ticks());
    assertEquals(List.of("misfire-collapsed 53 1-53"), once.skipped());

    ScheduleStory all =
        ScheduleStory.of(EACH_SECOND.withMisfire(new Misfire(Policy.FIRE_ALL, 1_000)));
    all.away(Duration.ofSeconds(60));
    assertEquals(60, all.shard.tasksWaiting());
    assertEquals(List.of(), all.skipped());
  }

  /** Hazard 11: a schedule of every second that was away for a month makes no long step. */
  @Test
  void shouldCatchUpWithAMonthInManySteps() {
    ScheduleStory story = ScheduleStory.of(EACH_SECOND.withMisfire(new Misfire(Policy.SKIP, 1)));
    story.away(Duration.ofDays(30));
    assertEquals(List.of("misfire-skip 2591994 1-2591994"), story.skipped());
    assertEquals(6, story.shard.tasksWaiting());
    assertEquals(story.shard.at().toEpochMilli() + 1_000, story.shard.nextTickMs());
  }

  @Test
  void shouldSkipTicks_whileThePreviousJobRuns_ifOverlapIsForbidden() {
    ScheduleStory story = ScheduleStory.of(SPEC.withConcurrency(ConcurrencyPolicy.FORBID));
    story.pass(35);
    assertEquals(List.of(10L), story.ticks());
    assertEquals(List.of("forbid-overlap 2 20-30"), story.skipped());
    story.succeed();
    story.pass(10);
    assertEquals(List.of(10L, 40L), story.ticks());
  }

  @Test
  void shouldCancelThePreviousJob_ifItIsToBeReplaced() {
    ScheduleStory story = ScheduleStory.of(SPEC.withConcurrency(ConcurrencyPolicy.REPLACE));
    story.pass(20);
    assertEquals(JobState.CANCELLED, story.state(0));
    assertEquals(Reason.REPLACED, story.shard.view(story.job(0)).reason());
    assertEquals(JobState.CANCELLED, story.runs().getFirst().state());
    assertEquals(JobState.QUEUED, story.state(1));
  }

  @Test
  void shouldSkipTicks_whilePaused() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    story.append(new PauseSchedule(ScheduleStory.NAME, true, Precondition.NONE));
    story.pass(25);
    assertEquals(0, story.shard.tasksWaiting());
    assertEquals(List.of(), story.view().nextTicks(story.shard.at(), 10));
    story.append(new PauseSchedule(ScheduleStory.NAME, false, Precondition.NONE));
    story.pass(5);
    assertEquals(List.of("paused 2 10-20"), story.skipped());
    assertEquals(List.of(30L), story.ticks());
  }

  @Test
  void shouldSkipWhatWasDueWhilePaused_whenItIsResumedAfterAMonth() {
    ScheduleStory story = ScheduleStory.of(EACH_SECOND.withPaused(true));
    story.shard.away(Duration.ofDays(30));
    story.append(new PauseSchedule(ScheduleStory.NAME, false, Precondition.NONE));
    story.away(Duration.ofSeconds(2));
    assertEquals(List.of("paused 2592000 1-2592000"), story.skipped());
    assertEquals(2, story.shard.tasksWaiting());
  }

  @Test
  void shouldMakeAJobNow_whenTriggered_evenIfPaused() {
    ScheduleStory story = ScheduleStory.of(SPEC.withPaused(true));
    story.pass(3);
    story.append(new TriggerSchedule(ScheduleStory.NAME));
    ScheduledRun run = story.runs().getFirst();
    assertTrue(run.isTriggered());
    assertTrue(story.view().tookEffect(run.trigger()));
    assertEquals(story.shard.at(), run.tick());
    assertEquals(run.job(), story.shard.nextTask().job());
    story.append(new TriggerSchedule(ScheduleStory.NAME));
    assertNotEquals(run.job(), story.job(1));
  }

  @Test
  void shouldNotMakeAJob_whenTriggeredAgainstItsOverlapPolicy() {
    ScheduleStory story = ScheduleStory.of(SPEC.withConcurrency(ConcurrencyPolicy.FORBID));
    story.append(new TriggerSchedule(ScheduleStory.NAME));
    story.append(new TriggerSchedule(ScheduleStory.NAME));
    assertEquals(1, story.runs().size());
    assertFalse(story.view().tookEffect(story.shard.lastOffset()));
  }

  @Test
  void shouldCountANewCadenceFromItsPut_andKeepTheTicksOfTheOldOne() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    Instant anchor = story.view().anchor();
    story.pass(7);
    story.put(SPEC.withMisfire(new Misfire(Policy.SKIP, 1)));
    assertEquals(anchor, story.view().anchor());
    story.pass(3);
    assertEquals(List.of(10L), story.ticks());
    story.pass(7);
    story.put(ScheduleSpec.of(new Cadence.Every(Duration.ofSeconds(4)), ScheduleStory.JOB));
    assertEquals(story.shard.at(), story.view().anchor());
    story.pass(4);
    assertEquals(List.of(-7L, 4L), story.ticks());
  }

  @Test
  void shouldKeepItsRevision_whenNothingChanges() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    long revision = story.view().revision();
    story.put(SPEC);
    assertEquals(revision, story.view().revision());
    assertTrue(story.view().tookEffect(story.shard.lastOffset()));
    story.put(SPEC.withConcurrency(ConcurrencyPolicy.REPLACE));
    assertTrue(story.view().revision() > revision);
  }

  @Test
  void shouldStayPausedOrNot_whenItIsPut() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    story.put(SPEC.withPaused(true));
    assertFalse(story.view().spec().paused());
    story.append(new PauseSchedule(ScheduleStory.NAME, true, Precondition.NONE));
    story.put(SPEC.withConcurrency(ConcurrencyPolicy.REPLACE));
    assertTrue(story.view().spec().paused());
    assertEquals(ConcurrencyPolicy.REPLACE, story.view().spec().concurrency());
    story.pass(25);
    assertEquals(0, story.shard.tasksWaiting());
  }

  @Test
  void shouldChangeNothing_whenTheConditionDoesNotHold() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    ScheduleView before = story.view();
    var stale = new Precondition.AnyOf(Set.of(before.revision() + 1));
    story.append(new PutSchedule(ScheduleStory.NAME, EACH_SECOND, stale));
    story.append(new PutSchedule(ScheduleStory.NAME, EACH_SECOND, new Precondition.Exists(false)));
    story.append(new DeleteSchedule(ScheduleStory.NAME, stale));
    story.append(new PauseSchedule(ScheduleStory.NAME, true, stale));
    assertEquals(before, story.view());
    story.append(
        new PutSchedule(
            ScheduleStory.NAME, EACH_SECOND, new Precondition.AnyOf(Set.of(before.revision()))));
    assertEquals(EACH_SECOND, story.view().spec());
  }

  @Test
  void shouldLeaveNothingBehind_whenDeleted() {
    ScheduleStory story = new ScheduleStory();
    int before = story.shard.store.size();
    story.put(SPEC);
    story.append(new DeleteSchedule(ScheduleStory.NAME, Precondition.NONE));
    assertEquals(before, story.shard.store.size());
    story.pass(20);
    assertEquals(0, story.shard.tasksWaiting());
    assertEquals(Long.MAX_VALUE, story.shard.nextTickMs());
  }

  @Test
  void shouldHearOfAJobThatIsRunAgain_andEndsAgain() {
    ScheduleStory story = ScheduleStory.of(SPEC.withConcurrency(ConcurrencyPolicy.REPLACE));
    story.pass(20);
    story.append(new Retry(story.job(0), null));
    story.shard.succeed(story.shard.nextTask());
    Task again = story.shard.nextTask();
    while (!again.job().equals(story.job(0)) || again.dispatch() < 2) {
      again = story.shard.nextTask();
    }
    story.shard.succeed(again);
    story.tick();
    assertEquals(JobState.SUCCEEDED, story.runs().getFirst().state());
  }

  @Test
  void shouldHearOfAJobThatTheEngineCouldNotDecideAbout_andNotHoldUpTheNext() {
    Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(1));
    Decider wrong =
        new Decider() {
          private boolean failed;

          @Override
          public void decide(Step step, Input input) {
            right.decide(step, input);
            if (input.job() != null && !failed) {
              failed = true;
              throw new IllegalStateException("planted");
            }
          }

          @Override
          public void conclude(Step step) {
            right.conclude(step);
          }
        };
    ScheduleStory story = new ScheduleStory(wrong);
    story.put(SPEC.withConcurrency(ConcurrencyPolicy.FORBID));
    story.pass(20);
    assertEquals(Reason.ENGINE_ERROR, story.shard.view(story.job(0)).reason());
    assertEquals(JobState.DEAD, story.runs().getFirst().state());
    assertEquals(JobState.QUEUED, story.state(1));
  }

  /** The word that a job has ended is part of its end, however that came about. */
  @Test
  void shouldHearOfAJob_whenItsDecisionThrowsAndSoDoesWhatFollows() {
    Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(1));
    boolean[] broken = {false};
    Decider wrong =
        new Decider() {
          @Override
          public void decide(Step step, Input input) {
            right.decide(step, input);
            if (broken[0] && input.job() != null) {
              throw new IllegalStateException("planted");
            }
          }

          @Override
          public void conclude(Step step) {
            if (broken[0]) {
              throw new IllegalStateException("planted, too");
            }
            right.conclude(step);
          }
        };
    ScheduleStory story = new ScheduleStory(wrong);
    story.put(SPEC.withConcurrency(ConcurrencyPolicy.FORBID));
    story.pass(10);
    broken[0] = true;
    story.succeed();
    broken[0] = false;
    assertEquals(Reason.ENGINE_ERROR, story.shard.view(story.job(0)).reason());
    story.tick();
    assertEquals(JobState.DEAD, story.runs().getFirst().state());
    story.pass(10);
    assertEquals(JobState.QUEUED, story.state(1));
  }

  @Test
  void shouldUseADeletedQueueAnew_asASubmitDoes() {
    ScheduleStory story = ScheduleStory.of(SPEC);
    story.pass(10);
    story.succeed();
    story.append(new QueueChanged("default", null, 99));
    story.pass(10);
    assertEquals(JobState.BLOCKED, story.state(1));
    Effect wanted = new Effect.Wanted(new Channel("default", Priority.NORMAL));
    assertTrue(story.shard.effects.contains(wanted));
    story.append(new QueueReady("default", Priority.NORMAL, "topic-2"));
    story.tick();
    assertEquals(JobState.QUEUED, story.state(1));
    story.succeed();
    story.append(new QueueChanged("default", null, 999));
    story.tick();
    story.append(new TriggerSchedule(ScheduleStory.NAME));
    assertEquals(JobState.BLOCKED, story.state(2));
  }

  @Test
  void shouldTryAgain_whenADueScheduleCannotBeDecided() {
    Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(1));
    boolean[] broken = {true};
    Decider wrong =
        (step, input) -> {
          right.decide(step, input);
          if (input instanceof Input.SubjectDue && broken[0]) {
            throw new IllegalStateException("planted");
          }
        };
    ScheduleStory story = new ScheduleStory(wrong);
    story.put(SPEC);
    story.pass(20);
    assertEquals(List.of(), story.runs());
    broken[0] = false;
    story.pass(60);
    assertTrue(story.shard.tasksWaiting() >= 2);
  }

  @Test
  void shouldUseTheQueueAndPriorityOfItsJob() {
    ScheduleStory story = new ScheduleStory();
    story.append(new QueueReady("reports", Priority.HIGH, "topic-2"));
    story.put(
        ScheduleSpec.of(
            SPEC.cadence(), ScheduleStory.JOB.withQueue("reports").withPriority(Priority.HIGH)));
    story.pass(10);
    assertEquals(1, story.shard.tasksWaiting());
    assertEquals(1, story.shard.count("reports", JobState.QUEUED));
  }
}
