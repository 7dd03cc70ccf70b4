package dev.kanal.worker.run;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.worker.Handler;
import dev.kanal.worker.HandlerOptions;
import dev.kanal.worker.lane.TaskRunner;
import dev.kanal.worker.report.LogBudget;
import dev.kanal.worker.trace.TaskTracer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An attempt with a hand-moved clock, and its reports. */
final class AttemptFixture implements TaskRunner.Listener {
  static final JobId JOB = JobId.of(0, 1, 1);
  static final TraceContext TRACE =
      new TraceContext(
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", "tenant=7,x=%20");

  final ManualClocks clocks = new ManualClocks();
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<TaskRunner.Ending> endings = new CopyOnWriteArrayList<>();
  final List<LoggedLines> logged = new CopyOnWriteArrayList<>();
  final List<TaskRunner.Submission> submitted = new CopyOnWriteArrayList<>();
  final Map<String, QueueSettings> queues = new HashMap<>();
  final LogBudget budget;
  volatile boolean takesLines = true;
  volatile Supplier<CompletableFuture<Void>> kafka = () -> CompletableFuture.completedFuture(null);

  TaskTracer tracer = TaskTracer.OFF;

  AttemptFixture() {
    this(LogBudget.DEFAULT);
  }

  AttemptFixture(long logBytes) {
    budget = new LogBudget(logBytes);
  }

  /** Lines that were reported. */
  record LoggedLines(long before, int omitted, List<String> lines) {}

  Attempt attempt(Handler<JsonBytes, ?> handler) {
    return attempt(task(ManualClocks.WALL_ORIGIN.plusSeconds(1)), handler);
  }

  Attempt attempt(Task task, Handler<JsonBytes, ?> handler) {
    Registration<JsonBytes> registration =
        Registration.of("note", JsonBytes.class, handler, HandlerOptions.DEFAULT);
    ChildRules rules = new ChildRules(() -> 16, queues::get, "kanal.log", 1_000, 2);
    RunnerParts parts =
        new RunnerParts(clocks.clocks(), RunnerSettings.DEFAULT, budget, rules, tracer);
    return new Attempt(task, registration, this, parts);
  }

  static Task task(@Nullable Instant deadline) {
    return new Task(
        JOB,
        "note",
        1,
        1,
        Suspicion.NONE,
        false,
        false,
        Duration.ofMinutes(1),
        deadline,
        ManualClocks.WALL_ORIGIN,
        TRACE,
        JsonBytes.NULL,
        null,
        Past.NONE,
        Duration.ZERO);
  }

  @Override
  public TaskRunner.Origin origin() {
    return new TaskRunner.Origin("kanal.tasks.default.normal", 0, 7);
  }

  @Override
  public void finished(TaskRunner.Ending ending) {
    endings.add(ending);
  }

  @Override
  public void ended() {
    calls.add("ended");
  }

  @Override
  public boolean progressed(JobProgress progress) {
    return true;
  }

  @Override
  public boolean takesLines() {
    return takesLines;
  }

  @Override
  public CompletableFuture<Void> logged(long before, int omitted, List<LogLine> lines) {
    if (!endings.isEmpty()) {
      calls.add("logged too late");
    }
    logged.add(new LoggedLines(before, omitted, lines.stream().map(LogLine::text).toList()));
    return kafka.get();
  }

  @Override
  public CompletableFuture<Void> submits(TaskRunner.Submission child) {
    submitted.add(child);
    return kafka.get();
  }
}
