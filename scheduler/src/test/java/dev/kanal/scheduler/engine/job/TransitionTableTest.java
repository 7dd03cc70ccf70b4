package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.Reschedule;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.log.Run;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every state, every input: what the job is then, as {@code docs/STATES.md} says. {@code BLOCKED}
 * has a column for each thing a job can wait for.
 */
final class TransitionTableTest {
  private static final ErrorInfo ERROR = new ErrorInfo("oops", "it failed", null);
  private static final JobSpec SPEC =
      JobSpec.of("sum", JsonBytes.of("{}"))
          .withRetry(new RetryPolicy(2, new Backoff(seconds(20), 1, seconds(20), 0)))
          .withRetention(new Retention(seconds(100), seconds(100)));
  private static final JobKey KEY = new JobKey("k", 1);

  /** The job is as its column says; a lease is held by the worker that speaks below. */
  private static final Map<String, Function<ShardStory, JobId>> STATES = new LinkedHashMap<>();

  /** What happens to the job then, and a tick after it. */
  private static final Map<String, Consumer<Scene>> INPUTS = new LinkedHashMap<>();

  private static final Path PAGE = Path.of("..", "docs", "STATES.md");
  private static final String BEGIN = "<!-- table -->\n```\n";
  private static final String END = "```\n<!-- end -->";
  private static final Map<JobState, String> SHORT =
      new EnumMap<>(
          Map.of(
              JobState.SCHEDULED, "sched",
              JobState.BLOCKED, "block",
              JobState.QUEUED, "queue",
              JobState.RUNNING, "run",
              JobState.RETRYING, "retry",
              JobState.SUCCEEDED, "succ",
              JobState.DEAD, "dead",
              JobState.CANCELLED, "canc",
              JobState.EXPIRED, "exp"));

  static {
    STATES.put("SCHED", story -> story.submit(later(spec(story))));
    STATES.put("key", TransitionTableTest::behindItsKey);
    STATES.put("queue", TransitionTableTest::inAPausedQueue);
    STATES.put("topic", TransitionTableTest::unsent);
    STATES.put("type", TransitionTableTest::unhandled);
    STATES.put("run", TransitionTableTest::besideItsRun);
    STATES.put("QUEUE", story -> story.submit(spec(story)));
    STATES.put("RUN", TransitionTableTest::running);
    STATES.put("park", TransitionTableTest::parked);
    STATES.put("RETRY", story -> finished(story, new Outcome.Failed(ERROR, true)));
    STATES.put("SUCC", story -> finished(story, new Outcome.Succeeded(JsonBytes.of("1"))));
    STATES.put("DEAD", story -> finished(story, new Outcome.Failed(ERROR, false)));
    STATES.put("CANC", TransitionTableTest::cancelled);
    STATES.put("EXP", TransitionTableTest::expired);

    INPUTS.put("submitted again", scene -> scene.story.append(scene.submit()));
    INPUTS.put("cancel", scene -> scene.story.cancel(scene.job));
    INPUTS.put("retry", scene -> scene.story.append(new Retry(scene.job, null)));
    INPUTS.put("retry, new deadline", Scene::retryLater);
    INPUTS.put("run now", scene -> scene.story.append(new RunNow(scene.job)));
    INPUTS.put("another time", Scene::reschedule);
    INPUTS.put("moved", Scene::move);
    INPUTS.put("delete", scene -> scene.story.append(new Delete(scene.job)));
    INPUTS.put("start?", scene -> scene.story.append(new AskToRun(scene.run())));
    INPUTS.put("leased", scene -> scene.story.append(new Leased(scene.run(), scene.story.at())));
    INPUTS.put("progress", Scene::progress);
    INPUTS.put("succeeded", scene -> scene.end(new Outcome.Succeeded(JsonBytes.of("1"))));
    INPUTS.put("failed", scene -> scene.end(new Outcome.Failed(ERROR, true)));
    INPUTS.put("failed for good", scene -> scene.end(new Outcome.Failed(ERROR, false)));
    INPUTS.put("timed out", scene -> scene.end(new Outcome.TimedOut(ERROR)));
    INPUTS.put("snoozed", scene -> scene.end(new Outcome.Snoozed(seconds(5), ERROR)));
    INPUTS.put("unhandled", scene -> scene.end(new Outcome.Unhandled("sum", false)));
    INPUTS.put("stopped by cancel", scene -> scene.end(new Outcome.Cancelled()));
    INPUTS.put("parked", scene -> scene.park());
    INPUTS.put("completed", scene -> scene.story.complete(scene.job, "token"));
    INPUTS.put("wrong token", scene -> scene.story.complete(scene.job, "other"));
    INPUTS.put("handler has ended", scene -> scene.story.append(new Stopped(scene.run())));
    INPUTS.put("not among leases", Scene::missingTwice);
    INPUTS.put("could not be sent", Scene::dispatchFailed);
    INPUTS.put("topic is ready", scene -> scene.story.queueReady("default", "topic-1"));
    INPUTS.put("topic made anew", scene -> scene.story.queueReady("default", "topic-2"));
    INPUTS.put("topic drained", Scene::drained);
    INPUTS.put("a worker comes", scene -> scene.handled(List.of("sum")));
    INPUTS.put("its type goes", scene -> scene.handled(List.of("mail")));
    INPUTS.put("workers unknown", scene -> scene.handled(null));
    INPUTS.put("queue paused", scene -> scene.story.putQueue("default", settings(true)));
    INPUTS.put("queue resumed", scene -> scene.story.putQueue("default", settings(false)));
    INPUTS.put("queue deleted", scene -> scene.story.append(new QueueChanged("default", null, 99)));
    INPUTS.put("30 s later", scene -> scene.story.pass(seconds(30)));
    INPUTS.put("its deadline", scene -> scene.story.pass(seconds(60)));
    INPUTS.put("its retention", scene -> scene.story.pass(seconds(165)));
  }

  @Test
  void shouldGoWhereThePageSays() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(line("", STATES.keySet().stream()));
    INPUTS.forEach(
        (name, input) ->
            lines.add(line(name, STATES.values().stream().map(state -> after(state, input)))));
    String table = String.join("\n", lines) + "\n";
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("kanal.docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(end));
    }
    assertEquals(page.substring(begin, end), table);
  }

  private static String line(String name, Stream<String> cells) {
    return String.format("%-20s", name)
        + cells.map(cell -> String.format("%-6s", cell)).collect(joining()).stripTrailing();
  }

  private static String after(Function<ShardStory, JobId> state, Consumer<Scene> input) {
    ShardStory story = ShardStory.ready();
    story.append(new TypesHandled("default", null));
    JobId job = state.apply(story);
    Scene scene = new Scene(story, job, Objects.requireNonNull(row(story, job)));
    input.accept(scene);
    story.tick();
    assertEquals(List.of(), story.quarantined);
    JobRow then = row(story, job);
    JobState before = scene.before.state();
    if (then == null) {
      return "gone";
    } else if (then.state() != before) {
      return SHORT.getOrDefault(then.state(), "?");
    }
    boolean again = then.status().sent().dispatch() > scene.before.status().sent().dispatch();
    return again ? "again" : "·";
  }

  private static @Nullable JobRow row(ShardStory story, JobId job) {
    return story.store.get(JOBS, job);
  }

  private static JobSpec spec(ShardStory story) {
    return SPEC.withDeadline(story.at().plusSeconds(60));
  }

  private static JobSpec later(JobSpec spec) {
    return spec.withStart(new StartTime.After(seconds(25)));
  }

  private static JobId behindItsKey(ShardStory story) {
    story.submit(SPEC.withKey(KEY));
    return story.submit(later(spec(story)).withKey(KEY));
  }

  private static JobId inAPausedQueue(ShardStory story) {
    story.putQueue("default", settings(true));
    return story.submit(spec(story));
  }

  /** Its task could not be sent, or so it seems. */
  private static JobId unsent(ShardStory story) {
    JobId job = story.submit(spec(story));
    story.dispatchFailed(story.nextTask());
    return job;
  }

  /** The queue's workers run another type. */
  private static JobId unhandled(ShardStory story) {
    story.append(new TypesHandled("default", List.of("mail")));
    return story.submit(spec(story));
  }

  /** Its handler ignores the interrupt, and its next attempt is due. */
  private static JobId besideItsRun(ShardStory story) {
    JobId job = story.submit(spec(story).withKey(KEY));
    story.timeOutStillRunning(story.nextTask());
    for (int i = 0; i < 4; i++) {
      story.pass(seconds(5));
      story.heartbeat();
    }
    return job;
  }

  private static JobId running(ShardStory story) {
    JobId job = story.submit(spec(story));
    story.lease(story.nextTask());
    return job;
  }

  private static JobId parked(ShardStory story) {
    JobId job = story.submit(spec(story));
    story.park(story.nextTask(), seconds(25));
    return job;
  }

  private static JobId finished(ShardStory story, Outcome outcome) {
    JobId job = story.submit(spec(story));
    story.finish(story.nextTask(), outcome);
    return job;
  }

  /** Its run is still out. */
  private static JobId cancelled(ShardStory story) {
    JobId job = running(story);
    story.cancel(job);
    return job;
  }

  private static JobId expired(ShardStory story) {
    JobId job = story.submit(later(SPEC).withDeadline(story.at().plusSeconds(1)));
    story.pass(seconds(2));
    return job;
  }

  private static QueueSettings settings(boolean paused) {
    return QueueSettings.of(4, 1_000).withPaused(paused);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /**
   * A job in its state. What workers say is about its newest dispatch, or the first if none was.
   */
  private record Scene(ShardStory story, JobId job, JobRow before) {
    Run run() {
      int dispatch = Math.max(1, before.status().sent().dispatch());
      return new Run(job, dispatch, ShardStory.WORKER);
    }

    Submit submit() {
      return new Submit(job, SPEC, TraceContext.NONE);
    }

    void retryLater() {
      story.append(new Retry(job, story.at().plusSeconds(600)));
    }

    void reschedule() {
      story.append(new Reschedule(job, new StartTime.After(seconds(40))));
    }

    void move() {
      story.queueReady("other", "topic-3");
      BulkActionOrder order =
          new BulkActionOrder(BulkAction.MOVE, null, List.of(job), false, "other");
      story.append(new BulkActionPart(JobId.of(0, 1, 1), order, story.at()));
    }

    void progress() {
      story.append(new Progressed(run(), new JobProgress(0.5, "half")));
    }

    void end(Outcome outcome) {
      story.append(new Finished(run(), story.at(), story.at(), outcome));
    }

    void park() {
      end(new Outcome.Parked(TokenHash.of("token"), story.at().plusSeconds(25)));
    }

    void handled(@Nullable List<String> types) {
      story.append(new TypesHandled("default", types));
    }

    void missingTwice() {
      story.append(new HeldLeases(ShardStory.WORKER, List.of()));
      story.append(new HeldLeases(ShardStory.WORKER, List.of()));
    }

    void dispatchFailed() {
      story.append(new DispatchFailed(job, run().dispatch(), "no topic"));
    }

    void drained() {
      story.append(new Drained("default", Priority.NORMAL, story.at().plusSeconds(1)));
    }
  }
}
