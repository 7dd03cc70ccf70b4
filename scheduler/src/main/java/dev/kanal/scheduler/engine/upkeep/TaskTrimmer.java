package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.channel.Topics;
import dev.kanal.scheduler.engine.upkeep.ShareGroupOffsets.Settled;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Deletes the tasks of a queue that its workers have settled with the broker. Blocks. */
record TaskTrimmer(Admin admin, Topics topics) {
  private static final long PATIENCE_MS = 30_000;

  void trim(String queue) throws InterruptedException, ExecutionException, TimeoutException {
    ShareGroupOffsets group = new ShareGroupOffsets(admin, topics);
    // INVARIANT: the ends are looked at before it is asked whether all is settled. Then what they
    // bound is; a task that comes meanwhile stands behind them, or is settled, too.
    Map<TopicPartition, Long> ends = ends(group.of(queue).keySet());
    Map<TopicPartition, RecordsToDelete> delete = new HashMap<>();
    group
        .of(queue)
        .forEach(
            (partition, settled) ->
                delete.put(
                    partition, RecordsToDelete.beforeOffset(upTo(settled, ends.get(partition)))));
    admin.deleteRecords(delete).all().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  /** The group's start alone would leave the last burst of a queue that is idle since. */
  private static long upTo(Settled settled, @Nullable Long end) {
    return settled.all() && end != null ? Math.max(end, settled.start()) : settled.start();
  }

  private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(asked)
        .all()
        .get(PATIENCE_MS, TimeUnit.MILLISECONDS)
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }
}
