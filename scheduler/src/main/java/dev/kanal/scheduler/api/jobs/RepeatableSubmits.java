package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.FirstSubmit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Submits with an idempotency key, at the owner of their shard. All of them are appended; the log's
 * order says which was first, and the state after that which job the key means. Usable from any
 * thread.
 */
public final class RepeatableSubmits {
  private final Commands commands;
  private final JobReader reader;

  public RepeatableSubmits(Commands commands, JobReader reader) {
    this.commands = commands;
    this.reader = reader;
  }

  /** What the key means. */
  public sealed interface Verdict {
    /** The job of this submit. */
    record Taken(JobId job) implements Verdict {}

    /** The job of an earlier submit of the same body. */
    record Replayed(JobId job) implements Verdict {}

    record Refused(Problem problem) implements Verdict {}
  }

  /** Submits a job that has an idempotency key; never fails. */
  public CompletableFuture<Verdict> submit(JobId id, JobSpec spec, TraceContext trace) {
    return commands
        .apply(id.shard(), new LogEntry.Submit(id, spec, trace))
        .thenCompose(_ -> reader.firstSubmit(id.shard(), spec))
        .thenApply(first -> verdict(id, spec.idempotency(), first))
        .exceptionally(failure -> new Verdict.Refused(problem(failure)));
  }

  /**
   * What the key of a submit means, once the shard has applied it.
   *
   * @param id that the submit would give
   * @param found the first submit with the key
   */
  public static Verdict verdict(
      JobId id, @Nullable Idempotency idempotency, Optional<FirstSubmit> found) {
    if (found.isEmpty() || idempotency == null) {
      return new Verdict.Refused(gone());
    }
    FirstSubmit first = found.get();
    if (first.job().equals(id)) {
      return new Verdict.Taken(id);
    }
    boolean same = first.bodyHi() == idempotency.bodyHi() && first.bodyLo() == idempotency.bodyLo();
    return same
        ? new Verdict.Replayed(first.job())
        : new Verdict.Refused(
            Problem.of(
                ErrorCode.IDEMPOTENCY_MISMATCH,
                "Expected the body that came first with idempotency key "
                    + Quoted.of(idempotency.key())
                    + ", that of job "
                    + first.job()
                    + ", but got another"));
  }

  /** The job that the key meant has been forgotten since: the key means nothing any more. */
  public static Problem gone() {
    return Problem.shardUnavailable(
        "What this idempotency key meant has just been forgotten: a repeat makes a new one");
  }

  /** What it means to the client that such a submit has failed. */
  public static Problem problem(Throwable failure) {
    Problem problem = Commands.problem(failure);
    return problem.code() == ErrorCode.SHARD_AMBIGUOUS
        ? Problem.shardAmbiguous(
            problem.detail() + "; a repeat with the same idempotency key makes no second job")
        : problem;
  }
}
