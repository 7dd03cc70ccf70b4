package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.scheduler.api.counts.Announcers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds a job where it lives: among this node's shards, or by asking the node that owns it. */
public final class JobLookup {
  /** Tells another node whether the job has ended. */
  static final String FINAL = "Kanal-Final";

  private static final Duration AGAIN = Duration.ofMillis(100);

  private final Vertx vertx;
  private final JobReader reader;
  private final NodeClient forwarder;
  private final Ticker ticker;
  private final KnownWorkers workers;

  public JobLookup(
      Vertx vertx, JobReader reader, Ticker ticker, KnownWorkers workers, NodeClient forwarder) {
    this.vertx = vertx;
    this.reader = reader;
    this.forwarder = forwarder;
    this.ticker = ticker;
    this.workers = workers;
  }

  /** What was found. */
  public sealed interface Result {
    /** A job's JSON. */
    record Body(Buffer json, String etag, boolean isFinal) implements Result {}

    record Refused(Problem problem) implements Result {}
  }

  /**
   * Asks for a job; {@code then} is called on the caller's event loop.
   *
   * @param atMost how long to wait for its end; zero answers at once
   * @param mayAsk whether another node may be asked; false for that node's own question
   */
  public void find(JobId job, Duration atMost, boolean mayAsk, Consumer<Result> then) {
    if (job.shard() >= reader.shards()) {
      then.accept(new Result.Refused(Problem.noSuchJob(job.toString())));
      return;
    }
    if (atMost.isZero() || !mayAsk) {
      // The node that asks will ask again: the shard may come to that one.
      ask(job, atMost, mayAsk, then);
    } else {
      askAgain(job, ticker.nanos() + atMost.toNanos(), then);
    }
  }

  /** A wait for a job's end includes its shard, should that be on the move. */
  private void askAgain(JobId job, long until, Consumer<Result> then) {
    Duration left = Duration.ofNanos(Math.max(until - ticker.nanos(), 1));
    ask(
        job,
        left,
        true,
        result -> {
          boolean away =
              result instanceof Result.Refused(Problem problem)
                  && problem.code() == ErrorCode.SHARD_UNAVAILABLE;
          if (away && until - ticker.nanos() > AGAIN.toNanos()) {
            var _ = vertx.setTimer(AGAIN.toMillis(), _ -> askAgain(job, until, then));
          } else {
            then.accept(result);
          }
        });
  }

  private void ask(JobId job, Duration atMost, boolean mayAsk, Consumer<Result> then) {
    switch (reader.ownerOf(job.shard())) {
      case Owner.Local() -> findHere(job, atMost, then);
      case Owner.Remote(String host, int port) -> {
        if (mayAsk) {
          findThere(new NodeClient.Node(host, port), job, atMost, then);
        } else {
          then.accept(unavailable("Shard " + job.shard() + " is moving to another node"));
        }
      }
      case Owner.Unknown() ->
          then.accept(unavailable("Nobody owns shard " + job.shard() + " for the moment"));
    }
  }

  private void findHere(JobId job, Duration atMost, Consumer<Result> then) {
    Context loop = vertx.getOrCreateContext();
    CompletableFuture<Answer> answer =
        atMost.isZero() ? reader.find(job) : reader.awaitFinal(job, atMost);
    var _ =
        answer.whenComplete(
            (found, failure) -> loop.runOnContext(_ -> then.accept(result(job, found, failure))));
  }

  private void findThere(NodeClient.Node node, JobId job, Duration atMost, Consumer<Result> then) {
    String wait = atMost.isZero() ? "" : "?wait=" + Duration.ofMillis(atMost.toMillis());
    forwarder
        .ask(node, Route.INTERNAL + "/v1/jobs/" + job + wait, atMost)
        .onComplete(reply -> then.accept(result(job, reply.result())));
  }

  private static Result result(JobId job, NodeClient.@Nullable Reply reply) {
    if (reply == null) {
      return unavailable("The owner of shard " + job.shard() + " does not answer");
    }
    return switch (reply.status()) {
      case 200 ->
          new Result.Body(
              reply.body(),
              Objects.requireNonNullElse(reply.headers().get("ETag"), "\"0\""),
              "true".equals(reply.headers().get(FINAL)));
      case 404 -> new Result.Refused(Problem.noSuchJob(job.toString()));
      default -> unavailable("The owner of shard " + job.shard() + " answered " + reply.status());
    };
  }

  private Result result(JobId job, @Nullable Answer answer, @Nullable Throwable failure) {
    if (failure != null || answer == null) {
      Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
      return new Result.Refused(Failures.internal(Failures.unwrap(cause)));
    }
    return switch (answer) {
      case Answer.Found(JobView view) -> found(view);
      case Answer.Missing() -> new Result.Refused(Problem.noSuchJob(job.toString()));
      case Answer.Unavailable(String why) -> unavailable(why);
    };
  }

  /** Why a job waits changes without the job: then its answer has another tag. */
  private Result found(JobView job) {
    try {
      boolean waits = job.waitsFor() != null;
      Buffer json = JobWriter.write(job, waits ? Announcers.live(workers) : null);
      String etag =
          waits
              ? "\"" + job.version() + "-" + Integer.toHexString(json.hashCode()) + "\""
              : etag(job);
      return new Result.Body(json, etag, job.state().isFinal());
    } catch (RuntimeException e) {
      return new Result.Refused(Failures.internal(e));
    }
  }

  /** The same as a future. */
  public Future<Result> find(JobId job, Duration atMost, boolean mayForward) {
    Promise<Result> found = Promise.promise();
    find(job, atMost, mayForward, found::complete);
    return found.future();
  }

  public static String etag(JobView job) {
    return Conditions.etag(job.version());
  }

  private static Result unavailable(String why) {
    return new Result.Refused(Problem.shardUnavailable(why));
  }
}
