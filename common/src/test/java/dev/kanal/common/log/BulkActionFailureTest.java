package dev.kanal.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The failure of a filter, which came later, stands behind all else. */
final class BulkActionFailureTest {
  private static final JobId ID = JobId.of(2, 1_700_000_000_000L, 7);
  private static final JobFilter DEAD = JobFilter.ALL.withStates(Set.of(JobState.DEAD));

  @Test
  void itIsReadAsItWasWritten_andItsAbsenceTakesNoByte() {
    LogEntry without = new StartBulkAction(ID, order(DEAD));
    byte[] bytes = LogCodec.encode(without);
    for (LogEntry entry :
        List.of(
            new StartBulkAction(ID, order(DEAD.withFailure("0123456789abcdef"))),
            new BulkActionPart(ID, order(DEAD.withFailure("0123456789abcdef")), Instant.EPOCH))) {
      assertEquals(entry, LogCodec.decode(LogCodec.encode(entry)));
    }
    byte[] with =
        LogCodec.encode(new StartBulkAction(ID, order(DEAD.withFailure("0123456789abcdef"))));
    assertEquals(17, with.length - bytes.length);
    assertEquals(without, LogCodec.decode(Arrays.copyOf(with, bytes.length)));
    byte[] cut = Arrays.copyOf(with, with.length - 1);
    assertThrows(UnreadableException.class, () -> LogCodec.decode(cut));
  }

  private static BulkActionOrder order(JobFilter filter) {
    return new BulkActionOrder(BulkAction.RETRY, filter, List.of(), false);
  }
}
