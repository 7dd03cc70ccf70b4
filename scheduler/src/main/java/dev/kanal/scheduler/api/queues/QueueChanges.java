package dev.kanal.scheduler.api.queues;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.QueueSettingsJson;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.json.MergePatch;
import dev.kanal.scheduler.api.json.PauseRule;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.queues.QueueDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes queues; on the node that owns the queue's home shard, on a call's own thread. Changes of
 * one queue are made one after the other, each done once the home shard has applied it and this
 * node has read that.
 */
final class QueueChanges {
  /** Until other nodes, too, have read that a queue was deleted. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private final CallThreads threads;
  private final QueueDirectory queues;
  private final QueueLog log;
  private final QueueShards shards;

  /** The end of the newest change of each queue that is being changed. */
  private final Map<String, CompletableFuture<Void>> turns = new ConcurrentHashMap<>();

  QueueChanges(CallThreads threads, QueueDirectory queues, QueueLog log, QueueShards shards) {
    this.threads = threads;
    this.queues = queues;
    this.log = log;
    this.shards = shards;
  }

  /** Replaces all of it but its pause; creates it if there is none. */
  QueueRecord put(String queue, QueueFields wanted, Conditions conditions) throws RefusedException {
    return change(queue, conditions, now -> set(now, wanted));
  }

  /** Changes what a merge patch names. */
  QueueRecord patch(String queue, byte[] patch, Conditions conditions) throws RefusedException {
    return change(queue, conditions, now -> patched(existing(now), patch));
  }

  QueueRecord pause(String queue, boolean paused, Conditions conditions) throws RefusedException {
    return change(
        queue,
        conditions,
        now -> {
          QueueRecord said = existing(now).said;
          return said != null && said.settings() != null && now.settings.paused() == paused
              ? said
              : log.append(queue, new PutQueue(queue, now.settings.withPaused(paused)));
        });
  }

  /** Deletes a queue without unfinished jobs; those that slip in end {@code DEAD}. */
  void delete(String queue, Conditions conditions) throws RefusedException {
    var _ =
        change(
            queue,
            conditions,
            now -> {
              refuseUnfinished(existing(now).queue, shards.unfinished(queue));
              QueueRecord gone = appendDelete(queue);
              shards.letGo(queue, gone.revision());
              threads.pause(SETTLING);
              await(queues.delete(queue), QueueLog::problem);
              return gone;
            });
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

  /** What is done to a queue. */
  private interface Change {
    QueueRecord of(Now now) throws RefusedException;
  }

  /** Changes what is as the conditions ask; one change of a queue after the other. */
  private QueueRecord change(String queue, Conditions conditions, Change change)
      throws RefusedException {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> before = turns.put(queue, mine);
    try {
      if (before != null) {
        await(before, Failures::internal);
      }
      Now now = now(queue);
      if (!conditions.allow(now.etag())) {
        throw new RefusedException(Conditions.unmet("queue", now.etag()));
      }
      return change.of(now);
    } finally {
      turns.remove(queue, mine);
      mine.complete(null);
    }
  }

  private Now now(String queue) throws RefusedException {
    QueueSettings before = queues.known().settings(queue);
    int topics = await(queues.partitions(queue), QueueLog::problem);
    int partitions = before == null ? topics : Math.max(topics, before.partitions());
    QueueRecord said = queues.known().of(queue);
    QueueSettings settings = said == null ? null : said.settings();
    QueueSettings unsaid = queues.defaults().withPartitions(Math.max(1, partitions));
    return new Now(queue, partitions, said, settings == null ? unsaid : settings);
  }

  private static Now existing(Now now) throws RefusedException {
    if (!now.exists()) {
      throw new RefusedException(Problem.noSuchQueue(now.queue));
    }
    return now;
  }

  private QueueRecord patched(Now now, byte[] patch) throws RefusedException {
    byte[] target = QueueSettingsJson.write(now.queue, now.settings, 0);
    byte[] merged = MergePatch.apply(target, patch, QueueSettingsJson.NOT_SETTABLE);
    return set(now, QueueFields.parse(merged));
  }

  private QueueRecord set(Now now, QueueFields wanted) throws RefusedException {
    QueueSettings unsaid =
        now.exists() ? queues.defaults().withPartitions(now.partitions) : queues.defaults();
    QueueSettings settings = wanted.settings(unsaid.withPaused(now.settings.paused()));
    Problem contrary =
        now.exists()
            ? PauseRule.QUEUE.refusal(now.queue, now.settings.paused(), wanted.paused())
            : null;
    if (contrary != null) {
      throw new RefusedException(contrary);
    } else if (settings.partitions() < now.partitions) {
      throw new RefusedException(tooFew(settings.partitions(), now.partitions));
    }
    // The topics come first: there is always as much of them as the settings say.
    await(queues.open(now.queue, settings.partitions()), QueueLog::problem);
    return log.append(now.queue, new PutQueue(now.queue, settings));
  }

  /** What was never said cannot be taken back: a queue made on first use gets settings first. */
  private QueueRecord appendDelete(String queue) throws RefusedException {
    if (queues.known().settings(queue) == null) {
      var _ = log.send(queue, new PutQueue(queue, queues.defaults()));
    }
    return log.append(queue, new DeleteQueue(queue));
  }

  private static void refuseUnfinished(String queue, long unfinished) throws RefusedException {
    if (unfinished > 0) {
      throw new RefusedException(
          Problem.of(
              ErrorCode.CONFLICT,
              "Expected a queue without unfinished jobs, but "
                  + queue
                  + " has "
                  + unfinished
                  + ": wait for them, cancel them or purge the queue"));
    }
  }

  private static Problem tooFew(int wanted, int now) {
    String detail =
        "Expected at least " + now + " partitions, as the queue has them, but got " + wanted;
    return Problem.invalid(List.of(new FieldError("/partitions", detail)));
  }
}
