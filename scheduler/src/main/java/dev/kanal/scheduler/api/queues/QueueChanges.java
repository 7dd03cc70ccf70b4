package dev.kanal.scheduler.api.queues;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.QueueSettingsJson;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.MergePatch;
import dev.kanal.scheduler.api.json.PauseRule;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes queues; on the node that owns the queue's home shard. Changes of one queue are made one
 * after the other, each answered once the home shard has applied it and this node has read that.
 * Futures fail with a {@link RefusedException}.
 */
final class QueueChanges {
  /** Until other nodes, too, have read that a queue was deleted. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final QueueDirectory queues;
  private final QueueLog log;
  private final QueueShards shards;
  private final Map<String, Future<?>> turns = new ConcurrentHashMap<>();

  QueueChanges(Vertx vertx, QueueDirectory queues, QueueLog log, QueueShards shards) {
    this.vertx = vertx;
    this.queues = queues;
    this.log = log;
    this.shards = shards;
  }

  /** Sets all of it anew, but for its pause; makes it if there is none. */
  Future<QueueRecord> put(String queue, QueueDraft wanted, Conditions conditions) {
    return change(queue, conditions, now -> set(now, wanted));
  }

  /** Changes what a merge patch names. */
  Future<QueueRecord> patch(String queue, byte[] patch, Conditions conditions) {
    return change(
        queue,
        conditions,
        now -> now.exists() ? patched(now, patch) : refuse(Problem.noSuchQueue(queue)));
  }

  Future<QueueRecord> pause(String queue, boolean paused, Conditions conditions) {
    return change(
        queue,
        conditions,
        now -> {
          QueueRecord said = now.said;
          return !now.exists()
              ? refuse(Problem.noSuchQueue(queue))
              : said != null && said.settings() != null && now.settings.paused() == paused
                  ? Future.succeededFuture(said)
                  : append(queue, now.settings.withPaused(paused));
        });
  }

  /** Deletes a queue without unfinished jobs; those that slip in end {@code DEAD}. */
  Future<Void> delete(String queue, Conditions conditions) {
    return change(
        queue,
        conditions,
        now ->
            (now.exists()
                    ? shards.unfinished(queue)
                    : QueueChanges.<Long>refuse(Problem.noSuchQueue(queue)))
                .compose(jobs -> refuseUnfinished(queue, jobs))
                .compose(_ -> appendDelete(queue))
                .compose(gone -> shards.letGo(queue, gone.revision()))
                .compose(_ -> vertx.timer(SETTLING.toMillis()))
                .compose(_ -> here(queues.delete(queue))));
  }

  /**
   * A queue as it is.
   *
   * @param partitions 0 if there is none
   * @param settings those that hold, said or not
   */
  private record Now(
      String queue, int partitions, @Nullable QueueRecord said, QueueSettings settings) {
    boolean exists() {
      return partitions > 0;
    }

    @Nullable String etag() {
      QueueRecord newest = said;
      long revision = newest == null || newest.settings() == null ? 0 : newest.revision();
      return exists() ? Conditions.etag(revision) : null;
    }
  }

  /** Changes in turn what is as the conditions ask. */
  private <T> Future<T> change(
      String queue, Conditions conditions, Function<Now, Future<T>> change) {
    return inTurn(
        queue,
        () ->
            now(queue)
                .compose(
                    now ->
                        conditions.allow(now.etag())
                            ? change.apply(now)
                            : refuse(Conditions.unmet("queue", now.etag()))));
  }

  private Future<Now> now(String queue) {
    return partitions(queue)
        .map(
            partitions -> {
              QueueRecord said = queues.known().of(queue);
              QueueSettings settings = said == null ? null : said.settings();
              QueueSettings unsaid = queues.defaults().withPartitions(Math.max(1, partitions));
              return new Now(queue, partitions, said, settings == null ? unsaid : settings);
            });
  }

  private Future<QueueRecord> patched(Now now, byte[] patch) {
    try {
      byte[] target = QueueSettingsJson.write(now.queue, now.settings, 0);
      byte[] merged = MergePatch.apply(target, patch, QueueSettingsJson.NOT_SETTABLE);
      QueueDraft wanted = JsonBody.read(merged, 0, merged.length, QueueDraft::read);
      return wanted.errors().isEmpty()
          ? set(now, wanted)
          : refuse(Problem.invalid(wanted.errors()));
    } catch (JsonBody.MalformedException e) {
      return refuse(e.problem());
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<QueueRecord> set(Now now, QueueDraft wanted) {
    QueueSettings unsaid =
        now.exists() ? queues.defaults().withPartitions(now.partitions) : queues.defaults();
    QueueSettings settings = wanted.settings(unsaid.withPaused(now.settings.paused()));
    Problem contrary =
        now.exists()
            ? PauseRule.QUEUE.refusal(now.queue, now.settings.paused(), wanted.paused())
            : null;
    return contrary != null
        ? refuse(contrary)
        : settings.partitions() < now.partitions
            ? refuse(tooFew(settings.partitions(), now.partitions))
            : put(now.queue, settings);
  }

  /** One change of a queue after the other. */
  private <T> Future<T> inTurn(String queue, Supplier<Future<T>> change) {
    Promise<T> mine = Promise.promise();
    Future<?> before = turns.put(queue, mine.future());
    Future<?> start = before == null ? Future.succeededFuture() : before;
    start.onComplete(_ -> change.get().onComplete(mine));
    return mine.future().onComplete(_ -> turns.remove(queue, mine.future()));
  }

  /** Partitions of the queue as it is; 0 if there is none. */
  private Future<Integer> partitions(String queue) {
    QueueSettings said = queues.known().settings(queue);
    return here(queues.partitions(queue))
        .map(there -> said == null ? there : Math.max(there, said.partitions()));
  }

  private Future<QueueRecord> append(String queue, QueueSettings settings) {
    return log.append(queue, new PutQueue(queue, settings));
  }

  /** The topics come first: there is always as much of them as the settings say. */
  private Future<QueueRecord> put(String queue, QueueSettings settings) {
    return here(queues.open(queue, settings.partitions())).compose(_ -> append(queue, settings));
  }

  /** What was never said cannot be taken back: a queue made on first use gets settings first. */
  private Future<QueueRecord> appendDelete(String queue) {
    Future<?> first =
        queues.known().settings(queue) == null
            ? log.send(queue, new PutQueue(queue, queues.defaults()))
            : Future.succeededFuture();
    return first.compose(_ -> log.append(queue, new DeleteQueue(queue)));
  }

  private Future<Void> refuseUnfinished(String queue, long unfinished) {
    return unfinished == 0
        ? Future.succeededFuture()
        : refuse(
            Problem.of(
                ErrorCode.CONFLICT,
                "Expected a queue without unfinished jobs, but "
                    + queue
                    + " has "
                    + unfinished
                    + ": wait for them, cancel them or purge the queue"));
  }

  private <T> Future<T> here(CompletableFuture<T> future) {
    return here(vertx, future);
  }

  /** What comes of something, on the caller's event loop; fails with a refusal. */
  static <T> Future<T> here(Vertx vertx, CompletableFuture<T> future) {
    Promise<T> promise = Promise.promise();
    Loops.then(vertx, future, promise::complete, failure -> promise.fail(refused(failure)));
    return promise.future();
  }

  private static RefusedException refused(Throwable failure) {
    return new RefusedException(
        failure instanceof SendFailedException failed
            ? failed.ambiguous()
                ? Problem.shardAmbiguous("Kafka has not acknowledged the change in time")
                : notChanged(failed)
            : failure instanceof org.apache.kafka.common.KafkaException
                ? notChanged(failure)
                : Failures.noQueue(failure));
  }

  private static Problem notChanged(Throwable failure) {
    return Problem.later(
        ErrorCode.KAFKA_UNAVAILABLE, "Nothing was changed. " + Problem.why(failure), 1);
  }

  static <T> Future<T> refuse(Problem problem) {
    return Future.failedFuture(new RefusedException(problem));
  }

  private static Problem tooFew(int wanted, int now) {
    String detail =
        "Expected at least " + now + " partitions, as the queue has them, but got " + wanted;
    return Problem.invalid(List.of(new FieldError("/partitions", detail)));
  }
}
