package dev.kanal.common.log;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkActionPart;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The log's entries about bulk actions, by name. */
final class BulkActionSamples {
  private static final JobId ID = JobId.of(2, 1_700_000_000_000L, 7);
  private static final JobId JOB = JobId.of(5, 1_700_000_000_123L, 0x1234_5678_9ABC_DEF0L);
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_001_000L);

  private BulkActionSamples() {}

  static Map<String, LogEntry> all() {
    JobFilter filter =
        new JobFilter(
            Set.of(JobState.DEAD, JobState.EXPIRED),
            "emails",
            "http",
            Map.of("team", "blue"),
            "customer-7",
            "nightly",
            JOB,
            null,
            TIME,
            TIME.plusMillis(1),
            Set.of());
    BulkActionOrder retry = new BulkActionOrder(BulkAction.RETRY, filter, List.of(), true);
    BulkActionOrder delete = new BulkActionOrder(BulkAction.DELETE, null, List.of(JOB, ID), false);
    Map<String, LogEntry> all = new LinkedHashMap<>();
    all.put("start-bulk", new StartBulkAction(ID, retry));
    all.put("start-bulk-listed", new StartBulkAction(ID, delete));
    all.put("start-bulk-purge", new StartBulkAction(ID, BulkActionOrder.purge("emails")));
    BulkActionOrder move = new BulkActionOrder(BulkAction.MOVE, filter, List.of(), false, "slow");
    all.put("start-bulk-move", new StartBulkAction(ID, move));
    all.put("bulk-part-move", new BulkActionPart(ID, move, TIME));
    all.put("stop-bulk", new StopBulkAction(ID));
    all.put("bulk-part", new BulkActionPart(ID, retry, TIME));
    all.put("stop-part", new StopBulkActionPart(ID));
    return all;
  }
}
