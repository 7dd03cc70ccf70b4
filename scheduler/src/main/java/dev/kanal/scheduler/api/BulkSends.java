package dev.kanal.scheduler.api;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.JobReader.Owner;
import io.vertx.core.http.HttpServerRequest;
import java.util.BitSet;

/**
 * Sends the lines of one bulk request: to the log, or, those with an idempotency key, to the owner
 * of their shard, who can tell what became of them. Lines of one job key arrive in their order.
 * Belongs to the event loop of its request.
 */
final class BulkSends {
  private final SubmitHandler.Parts with;
  private final TraceContext trace;
  private final boolean forwarded;
  private final Runnable wake;
  private final PassedLines passed;

  /** Shards to whose owners lines were passed on. */
  private final BitSet passedShards = new BitSet();

  /** {@code wake} is called when a line is done, from any thread. */
  BulkSends(
      HttpServerRequest request, SubmitHandler.Parts with, Forwarder forwarder, Runnable wake) {
    this.with = with;
    this.trace = TraceHeaders.of(request.headers());
    this.forwarded = request.getHeader(Forwarder.FORWARDED) != null;
    this.wake = wake;
    this.passed = new PassedLines(request, forwarder, wake);
  }

  /** Sends a line whose queue is ready; its bytes begin at {@code from}. */
  void send(BulkLine line, JobSpec spec, byte[] bytes, int from) {
    int shard = with.placement().shardOf(spec);
    boolean inLine = spec.key() != null && passedShards.get(shard);
    if (spec.idempotency() == null && !inLine) {
      append(line, shard, spec);
      return;
    }
    switch (with.api().reader().ownerOf(shard)) {
      case Owner.Local() -> {
        if (spec.idempotency() == null) {
          append(line, shard, spec);
        } else {
          submitOnce(line, shard, spec);
        }
      }
      case Owner.Remote(String host, int port) -> {
        if (forwarded) {
          refuse(line, "Shard " + shard + " is moving to another node");
        } else {
          passedShards.set(shard);
          passed.add(new Forwarder.Node(host, port), line, bytes, from);
        }
      }
      case Owner.Unknown() -> refuse(line, "Nobody owns shard " + shard + " for the moment");
    }
  }

  /** Sends what was gathered for other nodes. */
  void flush() {
    passed.flush();
  }

  private void append(BulkLine line, int shard, JobSpec spec) {
    JobId id = newId(shard);
    var _ =
        with.api()
            .log()
            .send(new ToShard(shard, new LogEntry.Submit(id, spec, trace)))
            .whenComplete(
                (_, failure) ->
                    finish(
                        line,
                        failure == null
                            ? new BulkLine.Taken(id, false)
                            : new BulkLine.Refused(SubmitHandler.sendProblem(failure, id))));
  }

  private void submitOnce(BulkLine line, int shard, JobSpec spec) {
    var _ =
        with.repeatable()
            .submit(newId(shard), spec, trace)
            .thenAccept(
                verdict ->
                    finish(
                        line,
                        switch (verdict) {
                          case RepeatableSubmits.Verdict.Taken(JobId job) ->
                              new BulkLine.Taken(job, false);
                          case RepeatableSubmits.Verdict.Replayed(JobId job) ->
                              new BulkLine.Taken(job, true);
                          case RepeatableSubmits.Verdict.Refused(Problem problem) ->
                              new BulkLine.Refused(problem);
                        }));
  }

  private JobId newId(int shard) {
    return JobId.create(shard, with.api().clock().instant(), with.api().random());
  }

  private void refuse(BulkLine line, String why) {
    finish(line, new BulkLine.Refused(Problem.shardUnavailable(why)));
  }

  private void finish(BulkLine line, BulkLine.Answer answer) {
    line.finish(answer);
    wake.run();
  }
}
