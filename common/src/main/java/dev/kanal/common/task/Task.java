package dev.kanal.common.task;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record that carries one attempt to a worker.
 *
 * @param attempt from 1; the same again after a snooze or a lost worker
 * @param dispatch grows with every sending of the job's tasks; fences everything older
 * @param suspicion whether workers that ran it before were lost
 * @param permit it is out under a permit of its key or queue: a worker that may not know of its
 *     cancel asks before it runs it
 * @param strict a worker asks before it runs it, always
 * @param timeout of this attempt
 * @param enqueuedAt when the engine decided to send it
 * @param childrenSince from when the ids of the job's children count, if it may have any
 * @param past what the job went through before, if it is traced
 * @param backoff how long its job would wait for the next attempt if this one failed
 */
public record Task(
    JobId job,
    String type,
    int attempt,
    int dispatch,
    Suspicion suspicion,
    boolean permit,
    boolean strict,
    Duration timeout,
    @Nullable Instant deadline,
    Instant enqueuedAt,
    TraceContext trace,
    JsonBytes payload,
    @Nullable Instant childrenSince,
    Past past,
    Duration backoff) {
  /** The same in another trace. */
  public Task withTrace(TraceContext other) {
    return new Task(
        job,
        type,
        attempt,
        dispatch,
        suspicion,
        permit,
        strict,
        timeout,
        deadline,
        enqueuedAt,
        other,
        payload,
        childrenSince,
        past,
        backoff);
  }

  /** The same with a past. */
  public Task withPast(Past other) {
    return new Task(
        job,
        type,
        attempt,
        dispatch,
        suspicion,
        permit,
        strict,
        timeout,
        deadline,
        enqueuedAt,
        trace,
        payload,
        childrenSince,
        other,
        backoff);
  }

  /** The same for a job with children. */
  public Task withChildrenSince(@Nullable Instant since) {
    return new Task(
        job,
        type,
        attempt,
        dispatch,
        suspicion,
        permit,
        strict,
        timeout,
        deadline,
        enqueuedAt,
        trace,
        payload,
        since,
        past,
        backoff);
  }
}
