package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Jobs whose type none of their queue's workers runs. */
final class TypeGateTest {
  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldHoldNothingBack_whileNothingIsKnownOfTheWorkers() {
    story.submit(job("mail"));
    assertEquals(1, story.tasksWaiting());
  }

  @Test
  void shouldHoldBackWhatNobodyRuns_andNothingElse() {
    handled("sum");
    JobId mail = story.submit(job("mail"));
    JobId sum = story.submit(job("sum"));
    assertWaits(mail);
    assertEquals(List.of(sum), story.sentJobs());
  }

  /** The case of the moved clock: a worker that is away for an hour. */
  @Test
  void shouldRunAllOfThem_whenTheirWorkerComesAfterAnHour() {
    handled("sum");
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      jobs.add(story.submit(job("mail")));
    }
    story.pass(Duration.ofHours(1));
    assertEquals(0, story.tasksWaiting());
    assertEquals(1_200, story.count("default", JobState.BLOCKED));
    handled("mail", "sum");
    for (int i = 0; i < 3; i++) {
      story.tick();
    }
    assertEquals(1_200, story.tasksWaiting());
    for (JobId job : jobs) {
      Task task = story.nextTask();
      assertEquals(job, task.job(), "in the order of waiting");
      story.succeed(task);
    }
    for (JobId job : jobs) {
      assertEquals(JobState.SUCCEEDED, story.view(job).state());
      assertEquals(1, story.view(job).attempts().size());
    }
  }

  @Test
  void shouldFreeNobody_whenAWorkerOfAnotherTypeComes() {
    handled("sum");
    JobId mail = story.submit(job("mail"));
    handled("mai", "mailer", "sum");
    story.tick();
    assertWaits(mail);
  }

  @Test
  void shouldFreeEverybody_whenThereIsNoWorkerAtAll() {
    handled("sum");
    for (int i = 0; i < 1_000; i++) {
      story.submit(job("t" + i));
    }
    story.append(new TypesHandled("default", null));
    for (int i = 0; i < 3; i++) {
      story.tick();
    }
    assertEquals(1_000, story.tasksWaiting());
    assertEquals(0, story.count('X') + story.count('V'));
    assertEquals(1, story.count('N'), "that it knows");
  }

  /** Half of them are free when the workers are known again. */
  @Test
  void shouldHoldTheRest_whenAWorkerComesBeforeAllAreFree() {
    handled("sum");
    Map<JobId, String> types = new HashMap<>();
    for (int i = 0; i < 900; i++) {
      String type = i % 2 == 0 ? "mail" : "print";
      types.put(story.submit(job(type)), type);
    }
    story.append(new TypesHandled("default", null));
    story.tick();
    assertEquals(500, story.sentJobs().size());
    handled("print", "sum");
    for (int i = 0; i < 3; i++) {
      story.tick();
    }
    assertEquals(400 + story.count('X'), 400 + story.count("default", JobState.BLOCKED));
    story.sentJobs().forEach(job -> assertEquals("print", types.get(job)));
    assertEquals(0, story.count('V'));
  }

  @Test
  void shouldStopToFree_whenTheWorkerIsGoneAgain() {
    handled("sum");
    for (int i = 0; i < 900; i++) {
      story.submit(job("mail"));
    }
    handled("mail", "sum");
    story.tick();
    assertEquals(500, story.tasksWaiting());
    handled("sum");
    story.tick();
    assertEquals(500, story.tasksWaiting());
    assertEquals(400, story.count('X'));
    assertEquals(0, story.count('V'));
    handled("mail");
    story.tick();
    assertEquals(900, story.tasksWaiting());
  }

  @Test
  void shouldLetThoseOfHighPriorityGoFirst() {
    story.append(new QueueReady("default", Priority.HIGH, "topic-2"));
    handled("sum");
    JobId normal = story.submit(job("mail"));
    JobId high = story.submit(job("mail").withPriority(Priority.HIGH));
    handled("mail");
    story.tick();
    assertEquals(List.of(high, normal), story.sentJobs());
  }

  /** Its key's order holds; other keys do not wait for it. */
  @Test
  void shouldHoldUpItsOwnKeyOnly() {
    handled("sum");
    JobId mail = story.submit(job("mail").withKey(new JobKey("a", 1)));
    JobId behind = story.submit(job("sum").withKey(new JobKey("a", 1)));
    JobId other = story.submit(job("sum").withKey(new JobKey("b", 1)));
    assertEquals(List.of(other), story.sentJobs());
    handled("mail", "sum");
    story.tick();
    assertEquals(List.of(mail), story.sentJobs());
    story.cancel(mail);
    assertEquals(JobState.BLOCKED, story.view(behind).state());
  }

  @Test
  void shouldBeHeldBack_whenItsTypeGoesWhileItWaitsForItsQueue() {
    handled("mail", "sum");
    story.putQueue("default", QueueSettings.of(4, 1_000).withPaused(true));
    JobId mail = story.submit(job("mail"));
    JobId sum = story.submit(job("sum"));
    handled("sum");
    story.putQueue("default", QueueSettings.of(4, 1_000));
    story.tick();
    assertWaits(mail);
    assertEquals(List.of(sum), story.sentJobs());
  }

  @Test
  void shouldBeHeldBack_whenItsNextAttemptIsDueAndNobodyRunsIt() {
    JobId mail = story.submit(job("mail"));
    story.fail(story.nextTask());
    handled("sum");
    story.pass(Duration.ofSeconds(3));
    assertWaits(mail);
    assertEquals(1, story.view(mail).attempts().size());
    handled("mail");
    story.tick();
    assertEquals(2, story.nextTask().attempt());
  }

  @Test
  void shouldExpire_byItsOwnDeadline() {
    handled("sum");
    JobId mail = story.submit(job("mail").withDeadline(story.at().plusSeconds(90)));
    story.pass(Duration.ofSeconds(89));
    assertWaits(mail);
    story.pass(Duration.ofSeconds(2));
    story.assertState(JobState.EXPIRED, mail);
    assertEquals(0, story.count('X'));
  }

  @Test
  void shouldEndWithItsQueue() {
    handled("sum");
    JobId mail = story.submit(job("mail"));
    story.append(new QueueChanged("default", null, 99));
    story.tick();
    assertEquals(JobState.DEAD, story.view(mail).state());
    assertEquals(Reason.QUEUE_DELETED, story.view(mail).reason());
    assertEquals(0, story.count('X') + story.count('V'));
    assertEquals(1, story.count('N'), "that it knows");
  }

  @Test
  void shouldBeCancelled() {
    handled("sum");
    JobId mail = story.submit(job("mail"));
    story.cancel(mail);
    story.assertState(JobState.CANCELLED, mail);
    assertEquals(0, story.count('X'));
  }

  @Test
  void shouldKnowWhatItKnew_whereverTheShardIs() {
    handled("mail", "sum");
    JobId print = story.submit(job("print"));
    story.move();
    story.submit(job("mail"));
    assertEquals(1, story.tasksWaiting());
    ShardStatus status = new ShardStatus(0, story.store, Set.of(), 0, 0);
    TypeDecisions.readKnown(story.store, status::noteTypes, status::noteReady);
    assertEquals(List.of("mail", "sum"), status.handledTypes("default"));
    assertEquals(Set.of("default"), status.readyQueues());
    assertTrue(status.knowsTypes());
    handled("print");
    story.move();
    story.tick();
    assertNotNull(story.view(print));
    assertEquals(2, story.tasksWaiting());
  }

  @Test
  void shouldTellTheNode_whatItLearnsAndOfTasksThatCameBack() {
    handled("sum");
    handled("sum");
    story.append(new TypesHandled("default", null));
    assertEquals(
        List.of(
            new Effect.TypesKnown("default", null),
            new Effect.TypesKnown("default", List.of("sum")),
            new Effect.TypesKnown("default", null)),
        story.effects.stream().filter(Effect.TypesKnown.class::isInstance).toList());
    story.submit();
    story.finish(story.nextTask(), new Outcome.Unhandled("sum", false));
    assertEquals(1, story.effects.stream().filter(new Effect.Unhandled("default")::equals).count());
  }

  private void assertWaits(JobId job) {
    story.assertState(JobState.BLOCKED, job);
    assertEquals(Gate.TYPE, row(job).status().gate());
    assertNull(story.view(job).reason());
  }

  private JobRow row(JobId job) {
    return Objects.requireNonNull(story.store.get(JOBS, job), "job");
  }

  private void handled(String... types) {
    story.append(new TypesHandled("default", List.of(types)));
  }

  private static JobSpec job(String type) {
    return JobSpec.of(type, JsonBytes.of("{}"));
  }
}
