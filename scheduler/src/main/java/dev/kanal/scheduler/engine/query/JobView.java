package dev.kanal.scheduler.engine.query;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands.
 *
 * @param spec what was submitted, payload included
 * @param reason why it is {@code DEAD}
 * @param result of the attempt that succeeded
 * @param createdAt the log's time of the submit
 * @param runAt when it is due: set while it waits for its time or its next attempt
 * @param finishedAt set once it is final
 * @param maxAttempts attempts that it may have in all: a retry by a user grants more
 * @param stillRunning it has ended, or waits, and a handler of it may still run
 * @param progress how far its handler says it is
 * @param commandOffset log offset of the last command that took effect; -1 before the first
 * @param attempt the number of the attempt sent last; 0 before the first
 * @param attempts the newest {@link Attempt#KEPT}, oldest first
 * @param attemptsOmitted how many older ones are not kept
 * @param version grows with every change
 * @param waitsFor why it waits, if it does
 */
public record JobView(
    JobId id,
    JobSpec spec,
    TraceContext trace,
    JobState state,
    @Nullable Reason reason,
    @Nullable JsonBytes result,
    Instant createdAt,
    @Nullable Instant runAt,
    @Nullable Instant finishedAt,
    int attempt,
    List<Attempt> attempts,
    int attemptsOmitted,
    int maxAttempts,
    boolean stillRunning,
    @Nullable JobProgress progress,
    long commandOffset,
    long version,
    @Nullable WaitsFor waitsFor) {
  public JobView {
    attempts = List.copyOf(attempts);
  }
}
