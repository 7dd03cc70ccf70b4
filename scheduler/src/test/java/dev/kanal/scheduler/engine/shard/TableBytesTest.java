package dev.kanal.scheduler.engine.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.PutSchedule;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.log.MemberEnd;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Keys and values of rows of every table, the first that one story writes, are those of a file.
 * {@code -Dgolden.rows=true} writes it; a row that changes needs a new version.
 */
final class TableBytesTest {
  private static final Path FILE = Path.of("src", "test", "resources", "rows.txt");
  private static final int ROWS_MAX = 30;
  private static final JobSpec SPEC = JobSpec.of("sum", JsonBytes.of("{}"));
  private static final JsonBytes LARGE = JsonBytes.of("\"" + "x".repeat(1_100) + "\"");

  private final ShardStory story =
      new ShardStory(new Decisions(EngineRules.DEFAULT, new Shards(4)), new Shards(4));
  private final Set<String> written = new LinkedHashSet<>();

  @Test
  void shouldWriteTheSameBytes() throws IOException {
    story.store.watch(this::note);
    lives();
    waits();
    goesOnElsewhere();
    types();
    flows();
    story.tick();

    assertEquals(List.of(), story.quarantined);
    assertEquals("123ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", letters());
    if (Boolean.getBoolean("golden.rows")) {
      Files.write(FILE, written);
    }
    assertEquals(Files.readAllLines(FILE), List.copyOf(written));
  }

  private void note(Bytes key, byte[] value) {
    HexFormat hex = HexFormat.of();
    String letter = String.valueOf((char) key.get()[0]);
    if (written.stream().filter(row -> row.startsWith(letter)).count() < ROWS_MAX) {
      written.add(letter + " " + hex.formatHex(key.get()) + " " + hex.formatHex(value));
    }
  }

  private String letters() {
    Set<String> letters = new TreeSet<>();
    written.forEach(row -> letters.add(row.substring(0, 1)));
    return letters.stream().collect(Collectors.joining());
  }

  /** Jobs that run, fail, are parked, linger, log, die. */
  private void lives() {
    story.queueReady("default", "topic-1");
    JobSpec once = SPEC.withIdempotency(new Idempotency("once", 1, 2)).withPayload(LARGE);
    story.submit(once.withDeadline(story.at().plusSeconds(1_000)));
    Task task = story.nextTask();
    story.lease(task);
    Run run = ShardStory.run(task, ShardStory.WORKER);
    story.append(new Progressed(run, new JobProgress(0.5, "half")));
    story.append(new Logged(run, 0, 1, List.of(new LogLine(story.at(), "hello"))));
    ErrorInfo error = new ErrorInfo("oops", "it failed", "x".repeat(1_100));
    story.finish(task, new Outcome.Failed(error, true));
    story.pass(Duration.ofMinutes(1));
    story.fail(story.nextTask());
    story.pass(Duration.ofMinutes(2));
    story.finish(story.nextTask(), new Outcome.Succeeded(LARGE));

    story.submit();
    story.timeOutStillRunning(story.nextTask());
    JobId parked = story.submit();
    story.park(story.nextTask(), Duration.ofMinutes(1));
    story.complete(parked, "token");
    story.submit();
    story.finish(story.nextTask(), new Outcome.Failed(error, false));
  }

  /** Jobs behind keys, limits and a topic; a queue with limits. */
  private void waits() {
    JobSpec keyed = SPEC.withKey(new JobKey("k", 1));
    for (int i = 0; i < 3; i++) {
      story.submit(keyed);
    }
    story.submit(keyed.withKey(new JobKey("k", 2)));
    story.queueReady("limited", "topic-2");
    story.putQueue("limited", settings(2, new Rate(1, Duration.ofSeconds(10))));
    for (int i = 0; i < 4; i++) {
      story.submit(SPEC.withQueue("limited").withPriority(Priority.HIGH));
      story.submit(SPEC.withQueue("limited"));
    }
    story.append(new QueueReady("limited", Priority.NORMAL, "topic-3"));
    story.tick();
  }

  /** What other shards, schedules and bulk actions make. */
  private void goesOnElsewhere() {
    ScheduleSpec every = ScheduleSpec.of(new Cadence.Every(Duration.ofSeconds(10)), SPEC);
    story.append(new PutSchedule("nightly", every, Precondition.NONE));
    story.append(new Relayed(3, 1, new Tick()));
    story.pass(Duration.ofSeconds(21));
    story.sentJobs();
    JobId parent = story.submit();
    Run run = ShardStory.run(story.nextTask(), ShardStory.WORKER);
    for (int i = 0; i < 2; i++) {
      JobId child = JobId.of(1, 1_000, i);
      JobSpec spec = SPEC.withParent(parent);
      story.append(new SubmitChild(run, "c" + i, child, spec, TraceContext.NONE, i == 1));
    }
    story.cancel(parent);
    story.tick();
    JobFilter filter = JobFilter.ALL.withQueue("limited").withStates(Set.of(JobState.BLOCKED));
    BulkActionOrder order = new BulkActionOrder(BulkAction.CANCEL, filter, List.of(), false);
    story.append(new BulkActionPart(JobId.of(0, 1_000, 1), order, Instant.ofEpochMilli(1L << 50)));
    story.tick();
    // More walks than a step serves: it notes whose turn is next.
    int queues = EngineRules.DEFAULT.itemsMax() + 10;
    for (int i = 0; i < queues; i++) {
      story.append(new QueueReady("q" + i, Priority.LOW, "t"));
    }
    story.tick();
  }

  /** Jobs that wait for a worker of their type. */
  private void types() {
    story.append(new TypesHandled("default", List.of("other")));
    story.submit(SPEC.withStart(new StartTime.After(Duration.ofSeconds(1))));
    story.pass(Duration.ofSeconds(2));
    story.append(new TypesHandled("default", List.of("other", "sum")));
    story.tick();
    story.append(new TypesHandled("default", List.of("other")));
    story.submit();
    story.append(new TypesHandled("default", null));
    story.tick();
  }

  /** Flows, whose members live here and in other shards. */
  private void flows() {
    story.sentJobs();
    FanOut few = new FanOut(5, new Tolerance.Failures(9), null, false);
    Over.Items items = new Over.Items(JsonBytes.of("[1,2,3,4,5,6,7,8,9]"));
    JobSpec second = SPEC.withPayload(JsonBytes.of("{\"i\":{\"$item\":\"\"}}"));
    List<StepSpec> steps =
        List.of(
            StepSpec.of("one", new StepKind.Job(SPEC)),
            StepSpec.of("chain", new StepKind.Map(items, few, List.of(SPEC, second))),
            StepSpec.of("ok", new StepKind.Wait("go", Duration.ofHours(1))),
            StepSpec.of(
                    "two",
                    new StepKind.Job(second.withPayload(JsonBytes.of("{\"$from\":\"one\"}"))))
                .withNeeds(List.of("one", "ok")));
    JobId flow = JobId.of(0, 1_000, 77);
    FlowSpec spec =
        FlowSpec.of("golden", steps)
            .withDeadline(story.at().plusSeconds(10_000))
            .withIdempotency(new Idempotency("flow-1", 1, 2));
    story.append(new FlowEntry.StartFlow(flow, spec, TraceContext.NONE));
    story.tick();
    story.append(new FlowEntry.SignalFlow(flow, "go", JsonBytes.of("{}")));
    story.submit(SPEC.withOwner(new Owner(flow, "other", 100, 0, 1, true, 3)));
    while (story.tasksWaiting() > 0) {
      story.succeed(story.nextTask());
      story.tick();
    }
    story.append(
        new FlowEntry.Ended(
            flow,
            "chain",
            1,
            List.of(
                new MemberEnd(
                    1, 1, JobState.DEAD, Reason.NOT_RETRYABLE, JobId.of(2, 5, 6), null))));
    story.tick();
  }

  private static QueueSettings settings(@Nullable Integer concurrency, @Nullable Rate rate) {
    return new QueueSettings(
        4, 1_000, concurrency, rate, 1, false, false, QueueDefaults.NONE, Scaling.DEFAULT);
  }
}
