package dev.kanal.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.bulk.BulkAction;
import dev.kanal.common.bulk.BulkOrder;
import dev.kanal.common.bulk.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry.BulkPart;
import dev.kanal.common.log.LogEntry.StartBulk;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The failure of a filter, which came later, stands behind all else. */
final class BulkFailureTest {
  private static final JobId ID = JobId.of(2, 1_700_000_000_000L, 7);
  private static final JobFilter DEAD = JobFilter.ALL.withStates(Set.of(JobState.DEAD));

  @Test
  void itIsReadAsItWasWritten_andItsAbsenceTakesNoByte() {
    LogEntry without = new StartBulk(ID, order(DEAD));
    byte[] bytes = LogCodec.encode(without);
    for (LogEntry entry :
        List.of(
            new StartBulk(ID, order(DEAD.withFailure("0123456789abcdef"))),
            new BulkPart(ID, order(DEAD.withFailure("0123456789abcdef")), Instant.EPOCH))) {
      assertEquals(entry, LogCodec.decode(LogCodec.encode(entry)));
    }
    byte[] with = LogCodec.encode(new StartBulk(ID, order(DEAD.withFailure("0123456789abcdef"))));
    assertEquals(17, with.length - bytes.length);
    assertEquals(without, LogCodec.decode(Arrays.copyOf(with, bytes.length)));
    byte[] cut = Arrays.copyOf(with, with.length - 1);
    assertThrows(UnreadableException.class, () -> LogCodec.decode(cut));
  }

  private static BulkOrder order(JobFilter filter) {
    return new BulkOrder(BulkAction.RETRY, filter, List.of(), false);
  }
}
