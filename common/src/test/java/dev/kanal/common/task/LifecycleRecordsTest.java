package dev.kanal.common.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The public form of version 1; docs/RECORDS.md describes it. */
final class LifecycleRecordsTest {
  private static final JobId JOB = JobId.of(5, 1_700_000_000_123L, 77);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_001_000L);

  @Test
  void shouldWriteATransition() {
    var event =
        new LifecycleEvent.Transition(
            JOB, AT, "sum", "default", JobState.DEAD, 2, 3, "failed", "not-retryable", "w1#7");
    assertEquals(
        "{'event':'state','job':'018bcfe5-687b-7005-8000-00000000004d','at':1700000001000,"
                .replace('\'', '"')
            + "'type':'sum','queue':'default','state':'DEAD','attempt':2,'dispatch':3,"
                .replace('\'', '"')
            + "'outcome':'failed','reason':'not-retryable','worker':'w1#7'}".replace('\'', '"'),
        text(event));
  }

  @Test
  void shouldLeaveOutWhatIsNot() {
    var event =
        new LifecycleEvent.Transition(
            JOB, AT, "sum", "default", JobState.QUEUED, 1, 1, null, null, null);
    assertEquals(
        "{'event':'state','job':'018bcfe5-687b-7005-8000-00000000004d','at':1700000001000,"
                .replace('\'', '"')
            + "'type':'sum','queue':'default','state':'QUEUED','attempt':1,'dispatch':1}"
                .replace('\'', '"'),
        text(event));
  }

  @Test
  void shouldWriteADuplicateRun() {
    assertEquals(
        "{'event':'duplicate-run','job':'018bcfe5-687b-7005-8000-00000000004d',".replace('\'', '"')
            + "'at':1700000001000,'dispatch':1,'worker':'w1#7'}".replace('\'', '"'),
        text(new LifecycleEvent.DuplicateRun(JOB, AT, 1, "w1#7")));
  }

  private static String text(LifecycleEvent event) {
    return new String(LifecycleRecords.encode(event), StandardCharsets.UTF_8);
  }
}
