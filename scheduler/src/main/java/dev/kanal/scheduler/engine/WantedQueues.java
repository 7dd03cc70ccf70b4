package dev.kanal.scheduler.engine;

import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.ToShard;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Bytes;

/**
 * Sees to the queues of one shard's jobs that no door has seen to: those that handlers submit. A
 * queue is given its topic, and a job of a queue that there is not ends. Asks again until it is
 * answered, and once more for what waits when the shard comes here. Usable from any thread.
 */
final class WantedQueues implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Waiting jobs of one lane that are looked at when the shard comes here. */
  private static final int WAITING_MAX = 500;

  private final int shard;
  private final EngineTargets targets;
  private volatile boolean closed;

  WantedQueues(int shard, EngineTargets targets) {
    this.shard = shard;
    this.targets = targets;
  }

  /** Jobs that wait already. */
  void resume(Rows rows) {
    Bytes counts = Keys.firstCounts();
    rows.scan(
        counts,
        Keys.endOf(counts),
        (key, _) -> {
          for (Priority priority : Priority.values()) {
            resume(rows, new Lane(Keys.countsQueue(key), priority));
          }
          return true;
        });
  }

  private void resume(Rows rows, Lane lane) {
    if (rows.get(Keys.ready(lane)) != null) {
      return;
    }
    int[] looked = {0};
    rows.scan(
        Keys.blockedFrom(lane, 0),
        Keys.blockedFrom(lane, Long.MAX_VALUE),
        (key, _) -> {
          byte[] job = rows.get(Keys.job(Keys.indexedJob(key)));
          JobRow row = job == null ? null : RowCodec.decodeJob(job);
          if (row != null && row.spec().parent() != null) {
            see(row);
          }
          return ++looked[0] < WAITING_MAX;
        });
  }

  void see(JobRow job) {
    var _ =
        targets
            .onWanted()
            .apply(job.lane())
            .whenComplete(
                (isThere, failure) -> {
                  if (closed) {
                    return;
                  }
                  if (failure != null) {
                    later(job);
                  } else if (!isThere) {
                    refuse(job);
                  }
                });
  }

  private void refuse(JobRow job) {
    var why = new RefuseChild(job.id(), job.spec(), job.trace(), Reason.QUEUE_DELETED);
    var _ =
        targets
            .log()
            .send(new ToShard(shard, why))
            .whenComplete(
                (_, failure) -> {
                  if (failure != null && !closed) {
                    later(job);
                  }
                });
  }

  private void later(JobRow job) {
    CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> see(job));
  }

  @Override
  public void close() {
    closed = true;
  }
}
