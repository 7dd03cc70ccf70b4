package dev.kanal.scheduler.api.batch;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.telemetry.SendSpan;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.jobs.RepeatableSubmits;
import dev.kanal.scheduler.api.jobs.SubmitLog;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * Sends the lines of one batch upload: to the log, or, those with an idempotency key, to the owner
 * of their shard, who knows what became of them. Lines of one job key arrive in their order.
 * Belongs to the event loop of its request.
 */
final class BatchSends {
  private static final Future<?> SENT = Future.succeededFuture();

  private final BatchContext with;
  private final SendSpan sending;
  private final TraceContext trace;
  private final boolean forwarded;
  private final Runnable wake;
  private final PassedLines passed;
  private final boolean waits;
  private final long waitUntil;

  /** Shards to whose owners lines were passed on. */
  private final BitSet passedShards = new BitSet();

  /** The last line with a key that was appended to each shard from here. */
  private final Map<Integer, CompletableFuture<?>> lastAppended = new HashMap<>();

  /** {@code wake} is called when a line is done, from any thread. */
  BatchSends(HttpServerRequest request, BatchContext with, Runnable wake) {
    this.with = with;
    // One span for all lines: their jobs stand below it.
    this.sending = with.intake().log().begin(TraceHeaders.of(request.headers()));
    this.trace = sending.travels();
    this.forwarded = NodeHeaders.isForwarded(request);
    this.wake = wake;
    this.passed = new PassedLines(request, with.forwarder(), wake);
    OptionalInt wait = Preferences.wait(request.headers());
    this.waits = wait.isPresent();
    this.waitUntil = with.ticker().nanos() + Duration.ofSeconds(wait.orElse(0)).toNanos();
  }

  /**
   * Sends a line whose queue is ready; its bytes begin at {@code from}. The next one is to be sent
   * once the future is complete.
   */
  Future<?> send(BatchLine line, JobSpec spec, byte[] bytes, int from) {
    int shard = with.intake().placement().shardOf(spec);
    boolean inLine = spec.key() != null && passedShards.get(shard);
    if (spec.idempotency() == null && !inLine) {
      return admit(line, shard, spec);
    }
    switch (with.reader().ownerOf(shard)) {
      case Owner.Local() -> {
        return admit(line, shard, spec);
      }
      case Owner.Remote(String host, int port) -> {
        if (forwarded) {
          refuse(line, "Shard " + shard + " is moving to another node");
        } else {
          passedShards.set(shard);
          CompletableFuture<?> before = lastAppended.remove(shard);
          passed.add(new NodeClient.Node(host, port), before, line, bytes, from);
        }
      }
      case Owner.Unknown() -> refuse(line, "Nobody owns shard " + shard + " for the moment");
    }
    return SENT;
  }

  /** The request is over, and this is the number of its lines. */
  void over(long lines) {
    sending.span().setAttribute(SpanKeys.BATCH, lines);
    sending.end(null);
  }

  /** Sends what was gathered for other nodes. */
  void flush() {
    passed.flush();
  }

  /** Waits for a place in the line's queue for as long as the whole call may wait. */
  private Future<?> admit(BatchLine line, int shard, JobSpec spec) {
    Duration left = Duration.ofNanos(waitUntil - with.ticker().nanos());
    return Later.of(with.intake().admission().admit(shard, spec, waits ? left : Duration.ZERO))
        .onSuccess(may -> admitted(line, shard, spec, may))
        .onFailure(failure -> finish(line, new BatchLine.Refused(Failures.internal(failure))));
  }

  private void admitted(BatchLine line, int shard, JobSpec spec, boolean may) {
    if (!may) {
      finish(line, new BatchLine.Refused(with.intake().admission().full(spec.queue())));
    } else if (spec.idempotency() == null) {
      append(line, shard, spec);
    } else {
      submitOnce(line, shard, spec);
    }
  }

  private void append(BatchLine line, int shard, JobSpec spec) {
    JobId id = newId(shard);
    CompletableFuture<?> appended =
        with.intake()
            .log()
            .append(id, spec, trace)
            .whenComplete(
                (_, failure) ->
                    finish(
                        line,
                        failure == null
                            ? new BatchLine.Taken(id, false)
                            : new BatchLine.Refused(SubmitLog.problem(failure, id))));
    if (spec.key() != null) {
      lastAppended.put(shard, appended);
    }
  }

  private void submitOnce(BatchLine line, int shard, JobSpec spec) {
    var _ =
        with.intake()
            .repeatable()
            .submit(newId(shard), spec, trace)
            .thenAccept(
                verdict ->
                    finish(
                        line,
                        switch (verdict) {
                          case RepeatableSubmits.Verdict.Taken(JobId job) ->
                              new BatchLine.Taken(job, false);
                          case RepeatableSubmits.Verdict.Replayed(JobId job) ->
                              new BatchLine.Taken(job, true);
                          case RepeatableSubmits.Verdict.Refused(Problem problem) ->
                              new BatchLine.Refused(problem);
                        }));
  }

  private JobId newId(int shard) {
    return with.intake().log().newId(shard);
  }

  private void refuse(BatchLine line, String why) {
    finish(line, new BatchLine.Refused(Problem.shardUnavailable(why)));
  }

  private void finish(BatchLine line, BatchLine.Answer answer) {
    line.finish(answer);
    wake.run();
  }
}
