package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.CHANNEL_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.READY;
import static dev.kanal.scheduler.engine.row.Tables.SETTINGS;
import static dev.kanal.scheduler.engine.row.Tables.TOKENS;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import org.jspecify.annotations.Nullable;

/** Queues: their settings, which one shard decides and all others follow, and their topics. */
public final class QueueDecisions {
  private final Shards shards;
  private final LeaseDecisions leases;

  public QueueDecisions(Shards shards, LeaseDecisions leases) {
    this.shards = shards;
    this.leases = leases;
  }

  /** In the queue's home shard: the settings get their revision, and every shard is informed. */
  public void put(Step step, String queue, @Nullable QueueSettings settings) {
    QueueRow known = step.queue(queue);
    if (settings == null && (known == null || known.isDeleted())) {
      return;
    }
    long revision = Math.max(step.meta().offset(), known == null ? 0 : known.revision() + 1);
    QueueChanged changed = new QueueChanged(queue, settings, revision);
    int home = shards.ofQueue(queue);
    for (int shard = 0; shard < shards.count(); shard++) {
      if (shard != home) {
        step.relay(shard, changed);
      }
    }
    changed(step, changed);
    step.add(new Effect.Publish(queue, settings, revision));
  }

  public void changed(Step step, QueueChanged changed) {
    String queue = changed.queue();
    QueueRow known = step.queue(queue);
    if (known != null && known.revision() >= changed.revision()) {
      return;
    }
    QueueRow next = new QueueRow(changed.settings(), changed.revision());
    step.put(SETTINGS, queue, next);
    if (next.isDeleted()) {
      step.delete(TOKENS, queue);
      TypeDecisions.forget(step, queue);
      for (Priority priority : Priority.values()) {
        resend(step, new Channel(queue, priority), step.meta().offset());
        step.delete(READY, new Channel(queue, priority));
        leases.forget(step, new Channel(queue, priority), step.nowMs() + 1);
      }
    }
    Gates.walkQueue(step, queue);
  }

  /** The queue has a topic; a deleted queue that is used again has no settings any more. */
  public void ready(Step step, QueueReady ready) {
    Channel channel = new Channel(ready.queue(), ready.priority());
    if (!ready.topicId().equals(step.get(READY, channel))) {
      resend(step, channel, step.meta().offset());
      leases.forget(step, channel, step.nowMs() + 1);
    }
    QueueRow settings = step.queue(ready.queue());
    if (settings != null && settings.isDeleted()) {
      step.delete(SETTINGS, ready.queue());
    }
    step.put(READY, channel, ready.topicId());
    step.add(new Effect.Open(channel));
    Gates.walkQueue(step, ready.queue());
  }

  /** Leaves it to the ticks to send again what was sent before {@code before}. */
  private static void resend(Step step, Channel channel, long before) {
    step.put(CHANNEL_WALKS, channel, Math.max(before, step.get(CHANNEL_WALKS, channel, before)));
    step.add(new Effect.Continue());
  }
}
