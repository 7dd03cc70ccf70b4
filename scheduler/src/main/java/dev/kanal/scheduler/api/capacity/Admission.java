package dev.kanal.scheduler.api.capacity;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Lets jobs into their queues, up to the queues' capacity. A submit that is let in goes through
 * {@link #log}, which reports to the gauge what became of it. Usable from any thread.
 */
public final class Admission {
  private final QueueGauges gauges;
  private final JobReader reader;

  public Admission(QueueGauges gauges, JobReader reader) {
    this.gauges = gauges;
    this.reader = reader;
  }

  /** The log; every submit that is sent to it has been let in. */
  public Sink<ToShard> log(Sink<ToShard> log) {
    return new CountedLog(log, gauges);
  }

  /**
   * Whether a job may be sent to its shard of this node, or to any shard without an idempotency
   * key. A repeat of a submit is no new job, and finds no queue full.
   *
   * @param atMost how long to wait for a place in a full queue
   */
  public CompletableFuture<Boolean> admit(int shard, JobSpec spec, Duration atMost) {
    if (spec.idempotency() == null) {
      return gauges.take(spec.queue(), atMost);
    }
    CompletableFuture<Boolean> atOnce = gauges.take(spec.queue(), Duration.ZERO);
    return atOnce.thenCompose(
        taken -> taken ? atOnce : repeated(shard, spec).thenCompose(r -> enter(spec, r, atMost)));
  }

  /** The refusal of who was not let in. */
  public Problem full(String queue) {
    return Problem.queueFull(queue, gauges.capacity(queue));
  }

  private CompletableFuture<Boolean> repeated(int shard, JobSpec spec) {
    return reader
        .firstSubmit(shard, spec)
        .handle((first, failure) -> failure == null && first.isPresent());
  }

  private CompletableFuture<Boolean> enter(JobSpec spec, boolean repeated, Duration atMost) {
    if (repeated) {
      gauges.of(spec.queue()).takeAnyway();
      return CompletableFuture.completedFuture(true);
    }
    return gauges.take(spec.queue(), atMost);
  }

  /** Counts submits that have got into the log. */
  private record CountedLog(Sink<ToShard> log, QueueGauges gauges) implements Sink<ToShard> {
    @Override
    public CompletableFuture<Position> send(ToShard value) {
      CompletableFuture<Position> sent = log.send(value);
      return value.entry() instanceof Submit submit
          ? sent.whenComplete((position, failure) -> count(submit, position, failure == null))
          : sent;
    }

    private void count(Submit submit, Position position, boolean inLog) {
      QueueGauge gauge = gauges.of(submit.spec().queue());
      if (inLog) {
        gauge.sent(position);
      } else {
        gauge.failed();
      }
    }

    @Override
    public void close() {
      log.close();
    }
  }
}
