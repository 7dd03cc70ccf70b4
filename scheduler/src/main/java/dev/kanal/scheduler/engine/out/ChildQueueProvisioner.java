package dev.kanal.scheduler.engine.out;

import static dev.kanal.scheduler.engine.row.Tables.BLOCKED;
import static dev.kanal.scheduler.engine.row.Tables.COUNTS;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.READY;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.upkeep.Resend;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Sees to the topics that one shard's jobs wait for and that no request has created: those of jobs
 * of handlers and of schedules, of retries, and of queues that were deleted meanwhile. A channel is
 * given its topic, and the jobs of a queue that there is not end. Asks again until the shard knows
 * the topic, and once more for what waits when the shard comes here. Usable from any thread.
 */
public final class ChildQueueProvisioner implements AutoCloseable {
  /** Jobs that are refused at a time. */
  private static final int REFUSED_MAX = 500;

  private final int shard;
  private final Sink<ToShard> log;
  private final Function<Channel, CompletableFuture<Boolean>> onWanted;
  private final Rows rows;
  private final Set<Channel> asked = ConcurrentHashMap.newKeySet();
  private final Resend again = new Resend(Duration.ofSeconds(1));

  /**
   * @param onWanted gives a channel its topic, and answers whether there is such a queue
   * @param rows of the shard, for any thread; fails once it has left this node
   */
  public ChildQueueProvisioner(
      int shard,
      Sink<ToShard> log,
      Function<Channel, CompletableFuture<Boolean>> onWanted,
      Rows rows) {
    this.shard = shard;
    this.log = log;
    this.onWanted = onWanted;
    this.rows = rows;
  }

  /** Jobs that wait already. */
  public void resume() {
    rows.scan(
        COUNTS,
        (queue, counts) -> {
          if (counts.of(JobState.BLOCKED) > 0) {
            for (Priority priority : Priority.values()) {
              Channel channel = new Channel(queue, priority);
              if (isWaitedFor(channel)) {
                see(channel);
              }
            }
          }
          return true;
        });
  }

  /** A job waits for the channel's topic. */
  public void see(Channel channel) {
    if (asked.add(channel)) {
      ask(channel);
    }
  }

  @Override
  public void close() {
    again.close();
  }

  private void ask(Channel channel) {
    var _ =
        onWanted
            .apply(channel)
            .whenComplete(
                (isThere, failure) -> {
                  if (failure == null && !isThere && !again.isClosed()) {
                    refuse(channel);
                  }
                  again.later(() -> look(channel));
                });
  }

  /** That a channel is ready was reported to the shard, which may since have read of its end. */
  private void look(Channel channel) {
    if (isWaitedFor(channel)) {
      ask(channel);
      return;
    }
    asked.remove(channel);
    if (isWaitedFor(channel)) {
      see(channel);
    }
  }

  private boolean isWaitedFor(Channel channel) {
    return !rows.has(READY, channel) && rows.first(BLOCKED.all(channel)) != null;
  }

  /** What cannot be refused now, or does not fit, is met at the next look. */
  private void refuse(Channel channel) {
    for (JobId id : rows.first(BLOCKED.all(channel), REFUSED_MAX)) {
      JobRow job = rows.get(JOBS, id);
      if (job != null) {
        var why = new RefuseChild(job.id(), job.spec(), job.trace(), Reason.QUEUE_DELETED);
        var _ = log.send(new ToShard(shard, why));
      }
    }
  }
}
