package dev.kanal.scheduler.engine.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.LifecycleEvent.Transition;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EventRingTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final EventRing ring = new EventRing(9);

  @Test
  void shouldGiveEachReaderEverything_atItsOwnPace() {
    EventRing.Reader early = ring.fromNow();
    tell(10, 3);
    EventRing.Reader late = ring.fromNow();
    tell(12, 2);

    assertEquals(List.of(10L << 16, (10L << 16) + 1), sequences(early.read(2)));
    assertEquals(List.of(endOf(10), 12L << 16, endOf(12)), sequences(early.read(9)));
    assertEquals(List.of(12L << 16, endOf(12)), sequences(late.read(9)));
    assertEquals(early.position(), late.position());
  }

  @Test
  void shouldGoOnAfterASequence_alsoAtAnotherOwnerThatHasReadTheSameLog() {
    tell(10, 3);
    EventRing other = new EventRing(9);
    for (int i = 0; i < 3; i++) {
      other.add(10, event(i, NOW));
    }
    other.applied(10);
    long second = (10L << 16) + 1;

    for (EventRing each : List.of(ring, other)) {
      EventRing.Batch rest = each.after(second).read(9);
      assertEquals(List.of(endOf(10)), sequences(rest));
      assertFalse(rest.unsure());
    }
  }

  @Test
  void shouldBeSure_whenNothingWasPublishedSince() {
    EventRing.Reader reader = ring.fromNow();
    ring.applied(5_000);
    reader.read(1);
    EventRing moved = new EventRing(4_999);

    assertFalse(moved.after(reader.position()).read(1).unsure());
    assertFalse(moved.after(endOf(4_999)).read(1).unsure());
    assertTrue(moved.after(endOf(4_998)).read(1).unsure());
  }

  @Test
  void shouldSayHowManyASlowReaderLost_andGoOn() {
    EventRing.Reader slow = ring.fromNow();
    for (int i = 0; i < EventRing.EVENTS_MAX + 100; i++) {
      tell(10 + i, 1);
    }

    EventRing.Batch batch = slow.read(1);

    assertEquals(101, batch.lost());
    assertEquals(List.of(endOf(10 + 101)), sequences(batch));
    assertTrue(ring.after(10L << 16).read(1).unsure());
    assertEquals(0, slow.read(1).lost());
  }

  @Test
  void shouldKeepNoMoreThanItsBytesAndMinutes() {
    int large = 100_000;
    EventRing.Reader reader = ring.fromNow();
    for (int i = 0; i < 100; i++) {
      ring.add(
          10 + i,
          new Transition(
              JobId.of(0, 1, i),
              NOW,
              "t".repeat(large),
              "q",
              JobState.QUEUED,
              1,
              1,
              null,
              null,
              null));
    }
    ring.applied(109);
    long kept = 100 - reader.read(1).lost();
    assertTrue(kept * large <= EventRing.BYTES_MAX && kept > 15, "kept " + kept);

    ring.add(200, event(1, NOW.plus(EventRing.AGE_MAX).plusMillis(1)));
    ring.applied(200);
    assertEquals(1, ring.after(0).read(1_000).events().size());
  }

  @Test
  void shouldShowARecordsEventsTogether() {
    EventRing.Reader reader = ring.fromNow();
    ring.add(10, event(1, NOW));
    assertEquals(List.of(), reader.read(9).events());
    assertNull(ring.from(JobId.of(0, 1, 1)));
    ring.applied(10);
    assertEquals(List.of(endOf(10)), sequences(reader.read(9)));
  }

  @Test
  void shouldFindAJobsFirstEvent() {
    tell(10, 3);

    EventRing.Reader reader = ring.from(JobId.of(0, 1, 1));

    assertTrue(reader != null && reader.hasMore(JobId.of(0, 1, 1)));
    assertEquals(2, reader.read(9).events().size());
    assertFalse(reader.hasMore(JobId.of(0, 1, 1)));
    assertNull(ring.from(JobId.of(0, 1, 7)));
  }

  @Test
  void shouldWakeThoseWhoListen_onceARecordWithEventsIsApplied() {
    AtomicInteger woken = new AtomicInteger();
    Runnable listener = woken::incrementAndGet;
    ring.listen(listener);
    tell(10, 2);
    ring.applied(11);
    assertEquals(1, woken.get());
    ring.forget(listener);
    tell(12, 1);
    assertEquals(1, woken.get());
  }

  private void tell(long offset, int events) {
    for (int i = 0; i < events; i++) {
      ring.add(offset, event(i, NOW));
    }
    ring.applied(offset);
  }

  private static LifecycleEvent event(int job, Instant at) {
    return new Transition(
        JobId.of(0, 1, job), at, "a", "q", JobState.QUEUED, 1, 1, null, null, null);
  }

  private static long endOf(long offset) {
    return ((offset + 1) << 16) - 1;
  }

  private static List<Long> sequences(EventRing.Batch batch) {
    return batch.events().stream().map(EventRing.Numbered::sequence).toList();
  }
}
