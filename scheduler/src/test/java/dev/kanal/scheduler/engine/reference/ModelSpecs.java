package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.Body;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Jobs, outcomes and settings by chance. */
final class ModelSpecs {
  /** The last is that of children. */
  static final List<String> TYPES = List.of("sum", "mail", "leaf");

  static final List<String> QUEUES = List.of("limited", "free", "slow");
  private static final JsonBytes SMALL = JsonBytes.of("{}");
  private static final JsonBytes LARGE = JsonBytes.of("\"" + "x".repeat(Body.SMALL) + "\"");
  private static final ErrorInfo ERROR = new ErrorInfo("oops", "it failed", null);
  private static final ErrorInfo LONG_ERROR =
      new ErrorInfo("oops", "it failed", "at x\n".repeat(Body.SMALL / 5));

  private final SplittableRandom random;
  private final boolean anyLimit;
  private long lastId;

  /**
   * @param anyLimit whether jobs of a key may disagree about its limit
   */
  ModelSpecs(SplittableRandom random, boolean anyLimit) {
    this.random = random;
    this.anyLimit = anyLimit;
  }

  String queue() {
    return QUEUES.get(random.nextInt(QUEUES.size()));
  }

  Submit submit(String queue, long nowMs, ToIntFunction<JobSpec> shard) {
    JobSpec spec =
        JobSpec.of(TYPES.get(oneIn(4) ? 1 : 0), json())
            .withQueue(queue)
            .withPriority(oneIn(5) ? Priority.HIGH : Priority.NORMAL)
            .withStart(start(nowMs))
            .withDeadline(oneIn(5) ? Instant.ofEpochMilli(nowMs + to(60_000)) : null)
            .withRetry(new RetryPolicy((int) to(4), backoff()))
            .withRetention(new Retention(seconds(to(20)), seconds(to(40))))
            .withKey(random.nextInt(100) < 60 ? key() : null)
            .withIdempotency(oneIn(10) ? new Idempotency("once" + to(6), 1, 2) : null);
    return new Submit(JobId.of(shard.applyAsInt(spec), nowMs, ++lastId), spec, TraceContext.NONE);
  }

  /** The token that completes the attempt of this dispatch, if it was parked. */
  static TokenHash token(JobId job, int dispatch) {
    return TokenHash.of(job + "/" + dispatch);
  }

  Outcome outcome(Task task, long nowMs) {
    return switch (random.nextInt(13)) {
      case 0, 1 -> new Outcome.Failed(error(), true);
      case 2 -> new Outcome.Failed(error(), false);
      case 3 -> new Outcome.TimedOut(error());
      case 4, 5 -> new Outcome.Snoozed(Duration.ofMillis(random.nextInt(4_000)), error());
      case 6 -> new Outcome.Unhandled(task.type(), oneIn(2));
      case 7 ->
          new Outcome.Parked(
              token(task.job(), task.dispatch()), Instant.ofEpochMilli(nowMs + to(30_000)));
      default -> success();
    };
  }

  /** What a node believes of a queue's workers, which need not be true. */
  TypesHandled types(String queue) {
    List<String> types = null;
    return new TypesHandled(
        queue,
        switch (random.nextInt(5)) {
          case 0 -> types;
          case 1 -> List.of("mail");
          case 2 -> List.of("leaf", "sum");
          case 3 -> List.of();
          default -> TYPES;
        });
  }

  private JsonBytes json() {
    return oneIn(6) ? LARGE : SMALL;
  }

  private ErrorInfo error() {
    return oneIn(4) ? LONG_ERROR : ERROR;
  }

  Outcome success() {
    return new Outcome.Succeeded(json());
  }

  QueueSettings settings(String queue) {
    boolean limited = queue.equals("limited") && !oneIn(4);
    Integer concurrency = limited ? Integer.valueOf((int) to(4)) : null;
    return new QueueSettings(
        4,
        1_000,
        concurrency,
        rate(queue),
        1,
        oneIn(5),
        oneIn(6),
        QueueDefaults.NONE,
        Scaling.DEFAULT);
  }

  private @Nullable Rate rate(String queue) {
    boolean limited = queue.equals("slow") ? !oneIn(4) : queue.equals("limited") && oneIn(4);
    return limited ? new Rate((int) to(5), seconds(to(2))) : null;
  }

  private StartTime start(long nowMs) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> new StartTime.After(Duration.ofMillis(random.nextInt(20_000)));
      case 3 -> new StartTime.At(Instant.ofEpochMilli(nowMs - 5_000 + random.nextInt(10_000)));
      default -> StartTime.NOW;
    };
  }

  private JobKey key() {
    int number = random.nextInt(3);
    return new JobKey("k" + number, anyLimit ? (int) to(3) : 1 + number % 2);
  }

  private Backoff backoff() {
    return new Backoff(Duration.ofMillis(random.nextInt(1_000)), 2, seconds(10), 0.2);
  }

  private boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  /** From 1 to {@code most}. */
  private long to(int most) {
    return 1L + random.nextInt(most);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
