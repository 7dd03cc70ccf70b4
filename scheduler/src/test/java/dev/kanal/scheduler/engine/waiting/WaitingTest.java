package dev.kanal.scheduler.engine.waiting;

import static dev.kanal.scheduler.engine.row.Tables.COUNTS;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.Lease;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.engine.query.WaitCause;
import dev.kanal.scheduler.engine.query.WaitsFor;
import dev.kanal.scheduler.engine.query.WaitsFor.Holder;
import dev.kanal.scheduler.engine.query.WaitsFor.Holders;
import dev.kanal.scheduler.engine.query.WaitsFor.Line;
import dev.kanal.scheduler.engine.read.JobViews;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.KeyRow;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Why a job waits, since when, in which place, and who is in the way: as its shard tells it. */
final class WaitingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final JobSpec PLAIN = JobSpec.of("sum", JsonBytes.of("{}"));
  private static final JobSpec KEYED = PLAIN.withKey(new JobKey("k", 1));

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldTellTheKey_whoHoldsIt_andThePlace() {
    JobId holder = story.submit(KEYED);
    story.lease(story.nextTask());
    story.pass(SECOND);
    Instant since = story.at();
    JobId next = story.submit(KEYED);
    story.pass(SECOND);
    JobId last = story.submit(KEYED);

    WaitsFor first = waitsFor(next);
    assertEquals(WaitCause.KEY, first.cause());
    assertEquals(since, first.since());
    assertNull(first.until());
    assertEquals(new Line(1, false), first.line());
    String worker = ShardStory.WORKER.toString();
    List<Holder> holders = List.of(new Holder(holder, JobState.RUNNING, worker));
    assertEquals(new Holders(1, 1, holders), first.holders());
    assertEquals(new Line(2, false), waitsFor(last).line());
    assertNull(story.view(holder).waitsFor(), "one that runs");
    assertNull(brief(next).holders());
    assertNull(brief(next).line());
  }

  @Test
  void shouldNameTenHoldersOfAKey_andCountAll() {
    JobSpec many = PLAIN.withKey(new JobKey("k", KeyRow.HOLDERS_MAX + 2));
    for (int i = 0; i < KeyRow.HOLDERS_MAX + 2; i++) {
      story.submit(many);
    }
    Holders holders = there(waitsFor(story.submit(many)).holders());
    assertEquals(KeyRow.HOLDERS_MAX + 2, holders.held());
    assertEquals(KeyRow.HOLDERS_MAX + 2, holders.limit());
    assertEquals(KeyRow.HOLDERS_MAX, holders.some().size());
  }

  @Test
  void shouldTellPlacesExactly_upToTheBound() {
    story.submit(KEYED);
    for (int i = 1; i < Line.EXACT_MAX; i++) {
      story.submit(KEYED);
    }
    assertEquals(new Line(Line.EXACT_MAX, false), waitsFor(story.submit(KEYED)).line());
    assertEquals(new Line(Line.EXACT_MAX, true), waitsFor(story.submit(KEYED)).line());
  }

  @Test
  void shouldTellTheConcurrency_withThoseOfHigherPriorityBefore() {
    story.append(new QueueReady("default", Priority.HIGH, "topic-high"));
    story.putQueue("default", settings(2, null, false));
    JobId running = story.submit();
    JobId sent = story.submit();
    story.lease(story.nextTask());
    JobId first = story.submit();
    JobId second = story.submit();
    JobId urgent = story.submit(PLAIN.withPriority(Priority.HIGH));

    assertEquals(WaitCause.CONCURRENCY, waitsFor(first).cause());
    assertEquals(new Line(1, false), waitsFor(urgent).line());
    assertEquals(new Line(2, false), waitsFor(first).line());
    assertEquals(new Line(3, false), waitsFor(second).line());
    List<Holder> holders =
        List.of(
            new Holder(running, JobState.RUNNING, ShardStory.WORKER.toString()),
            new Holder(sent, JobState.QUEUED, null));
    assertEquals(new Holders(2, 2, holders), waitsFor(second).holders());
    assertEquals(WaitCause.WORKER, waitsFor(sent).cause());
  }

  @Test
  void shouldTellTheRate_andWhenTheNextTokenIsThere() {
    story.putQueue("default", settings(null, new Rate(1, Duration.ofSeconds(10)), false));
    Instant began = story.at();
    story.submit();
    JobId next = story.submit();
    JobId last = story.submit();
    assertEquals(WaitCause.RATE, waitsFor(next).cause());
    assertEquals(began.plusSeconds(10), waitsFor(next).until());
    assertEquals(new Line(2, false), waitsFor(last).line());
    assertNull(waitsFor(last).until());
    assertNull(waitsFor(last).holders());
  }

  @Test
  void shouldTellThePause_theMissingTopic_theTime_andTheRetry() {
    JobId early = story.submit(PLAIN.withStart(new StartTime.After(Duration.ofMinutes(1))));
    assertEquals(WaitCause.TIME, waitsFor(early).cause());
    assertEquals(story.at().plusSeconds(60), waitsFor(early).until());
    assertEquals(story.at(), waitsFor(early).since());

    story.submit();
    Task task = story.nextTask();
    story.pass(SECOND);
    story.fail(task);
    WaitsFor retry = waitsFor(task.job());
    assertEquals(WaitCause.RETRY, retry.cause());
    assertEquals(story.at(), retry.since());
    assertEquals(story.view(task.job()).runAt(), retry.until());

    story.putQueue("default", settings(null, null, true));
    JobId paused = story.submit();
    assertEquals(WaitCause.PAUSED, waitsFor(paused).cause());
    assertEquals(WaitCause.PAUSED, brief(paused).cause());
    JobId low = story.submit(PLAIN.withPriority(Priority.LOW));
    assertEquals(WaitCause.TOPIC, waitsFor(low).cause());
  }

  @Test
  void shouldTellTheWorkerThatStillRunsTheAttemptBefore() {
    story.putQueue("default", settings(5, null, false));
    JobId job = story.submit();
    Task task = story.nextTask();
    story.lease(task);
    story.timeOutStillRunning(task);
    for (int i = 0; i < 20; i++) {
      story.pass(SECOND);
      story.append(new HeldLeases(ShardStory.WORKER, List.of(new Lease(job, task.dispatch()))));
    }
    story.assertState(JobState.BLOCKED, job);
    WaitsFor waits = waitsFor(job);
    assertEquals(WaitCause.RUN, waits.cause());
    Holder self = new Holder(job, JobState.BLOCKED, ShardStory.WORKER.toString());
    assertEquals(new Holders(1, 1, List.of(self)), waits.holders());
    assertEquals(Map.of(WaitCause.RUN, 1L), blocked());
  }

  @Test
  void shouldTellTheTypesThatNoWorkerRuns_withHowManyJobs() {
    story.append(new TypesHandled("default", List.of("echo")));
    JobId job = story.submit();
    assertEquals(WaitCause.TYPE, waitsFor(job).cause());
    for (int i = 0; i < UnhandledReads.COUNTED_MAX; i++) {
      story.submit();
    }
    assertEquals(Map.of(WaitCause.TYPE, 101L), blocked());
    assertEquals(Map.of("sum", new Unhandled(101, false)), unhandled());
    story.submit(JobSpec.of("mail", JsonBytes.of("{}")));
    story.submit(JobSpec.of("mail:x/y", JsonBytes.of("{}")).withPriority(Priority.LOW));
    assertEquals(
        Map.of(
            "sum", new Unhandled(UnhandledReads.COUNTED_MAX, true),
            "mail", new Unhandled(1, false),
            "mail:x/y", new Unhandled(1, false)),
        unhandled());
    for (int i = 0; i < UnhandledReads.TYPES_MAX; i++) {
      story.submit(JobSpec.of("t" + i, JsonBytes.of("{}")));
    }
    assertEquals(UnhandledReads.TYPES_MAX, unhandled().size());
  }

  private Map<String, Unhandled> unhandled() {
    return UnhandledReads.of(story.store, "default", counts());
  }

  @Test
  void shouldCountAndAgeWhatIsBlocked_byCause() {
    story.putQueue("default", settings(1, null, false));
    story.submit(KEYED);
    story.pass(SECOND);
    Instant byKey = story.at();
    story.submit(KEYED);
    story.submit(KEYED);
    story.pass(SECOND);
    Instant byQueue = story.at();
    story.submit();
    story.pass(SECOND);
    assertEquals(
        Map.of(
            WaitCause.KEY, new Blocked(2, byKey.toEpochMilli()),
            WaitCause.CONCURRENCY, new Blocked(1, byQueue.toEpochMilli())),
        reads());

    story.succeed(story.nextTask());
    assertEquals(Map.of(WaitCause.KEY, 1L, WaitCause.CONCURRENCY, 1L), blocked());
    story.succeed(story.nextTask());
    story.succeed(story.nextTask());
    assertEquals(Map.of(), reads());
  }

  @Test
  void shouldAgeACause_whoseJobsStandBehindManyOthers() {
    story.putQueue("default", settings(1, null, false));
    story.submit(KEYED);
    for (int i = 1; i < BlockedReads.LOOKED_AT_MAX; i++) {
      story.submit();
    }
    story.pass(SECOND);
    story.submit(KEYED);
    Blocked found = reads().get(WaitCause.KEY);
    assertEquals(new Blocked(1, story.at().toEpochMilli()), found);
  }

  /** Rows of release 0.1.0 do not tell by which gate jobs are blocked. */
  @Test
  void shouldCountTheBlockedAnew_whenAnOlderReleaseWroteTheCounts() {
    story.putQueue("default", settings(1, null, false));
    story.submit(KEYED);
    story.submit(KEYED);
    story.submit(KEYED);
    story.submit();
    Counts counts = counts();
    var key = COUNTS.key("default");
    byte[] now = COUNTS.values().encode(counts);
    byte[] before = Arrays.copyOf(now, now.length - 1 - Gate.values().length);
    assertFalse(COUNTS.values().decode(before).gatesKnown());

    story.store.put(key, before);
    assertEquals(Map.of(WaitCause.KEY, 2L, WaitCause.CONCURRENCY, 1L), blocked());
    story.move();
    story.tick();
    assertEquals(Bytes.wrap(now), bytes(key));
  }

  @Test
  void shouldWriteNothingNew_whileNothingIsBlocked() {
    story.submit();
    byte[] row = bytes(COUNTS.key("default")).get();
    assertTrue(COUNTS.values().decode(row).gatesKnown());
    // A version, the nine states, those that linger, three priorities, and two that only grow.
    assertEquals(1 + JobState.values().length + 1 + Priority.values().length + 2, row.length);
  }

  /** Queue wait is from when a job might have run: what it is blocked is in it. */
  @Test
  void shouldCountTheTimeBlocked_intoTheQueueWait() {
    story.putQueue("default", settings(1, null, false));
    story.submit();
    Instant free = story.at();
    JobId blocked = story.submit();
    story.pass(Duration.ofSeconds(30));
    story.succeed(story.nextTask());
    Task task = story.nextTask();
    assertEquals(blocked, task.job());
    story.pass(SECOND);
    story.succeed(task);
    Effect.Ran ran =
        story.effects.stream()
            .filter(Effect.Ran.class::isInstance)
            .map(Effect.Ran.class::cast)
            .toList()
            .getLast();
    assertEquals(free.toEpochMilli(), ran.freeMs());
  }

  private WaitsFor waitsFor(JobId job) {
    return there(story.view(job).waitsFor());
  }

  private WaitsFor brief(JobId job) {
    JobRow row = Objects.requireNonNull(story.store.get(JOBS, job), "job");
    return there(JobViews.brief(story.store, row).waitsFor());
  }

  private Counts counts() {
    return Counts.of(story.store, "default");
  }

  private Map<WaitCause, Blocked> reads() {
    return BlockedReads.of(story.store, "default", counts());
  }

  private Map<WaitCause, Long> blocked() {
    return reads().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().jobs()));
  }

  private Bytes bytes(Bytes key) {
    return Bytes.wrap(there(story.store.get(key)));
  }

  private static <T> T there(@Nullable T value) {
    assertNotNull(value);
    return value;
  }

  private static QueueSettings settings(
      @Nullable Integer concurrency, @Nullable Rate rate, boolean paused) {
    return new QueueSettings(
        4, 1_000, concurrency, rate, 1, false, paused, QueueDefaults.NONE, Scaling.DEFAULT);
  }
}
