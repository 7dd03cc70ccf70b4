package dev.kanal.common.log;

import dev.kanal.common.bulk.BulkAction;
import dev.kanal.common.bulk.BulkOrder;
import dev.kanal.common.bulk.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry.BulkPart;
import dev.kanal.common.log.LogEntry.StartBulk;
import dev.kanal.common.log.LogEntry.StopBulk;
import dev.kanal.common.log.LogEntry.StopPart;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The log's entries about bulk actions, by name. */
final class BulkSamples {
  private static final JobId ID = JobId.of(2, 1_700_000_000_000L, 7);
  private static final JobId JOB = JobId.of(5, 1_700_000_000_123L, 0x1234_5678_9ABC_DEF0L);
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_001_000L);

  private BulkSamples() {}

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
    BulkOrder retry = new BulkOrder(BulkAction.RETRY, filter, List.of(), true);
    BulkOrder delete = new BulkOrder(BulkAction.DELETE, null, List.of(JOB, ID), false);
    Map<String, LogEntry> all = new LinkedHashMap<>();
    all.put("start-bulk", new StartBulk(ID, retry));
    all.put("start-bulk-listed", new StartBulk(ID, delete));
    all.put("start-bulk-purge", new StartBulk(ID, BulkOrder.purge("emails")));
    BulkOrder move = new BulkOrder(BulkAction.MOVE, filter, List.of(), false, "slow");
    all.put("start-bulk-move", new StartBulk(ID, move));
    all.put("bulk-part-move", new BulkPart(ID, move, TIME));
    all.put("stop-bulk", new StopBulk(ID));
    all.put("bulk-part", new BulkPart(ID, retry, TIME));
    all.put("stop-part", new StopPart(ID));
    return all;
  }
}
