package dev.kanal.scheduler.engine.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What shards are to believe of a queue's workers, as these come and go. */
final class TypeMemoryTest {
  private static final TypeCoverage NOBODY =
      new TypeCoverage(0, new TreeSet<>(), false, true, true);
  private static final Duration KEPT = TypeMemory.KEPT;

  private final TypeMemory memory = new TypeMemory();
  private @Nullable List<String> known;
  private long nanos;

  @Test
  void shouldKnowWhatWorkersRun_andAtOnceWhenOneMoreComes() {
    assertKnown(List.of("sum"), run("sum"));
    assertKnown(List.of("mail", "sum"), run("mail", "sum"));
  }

  @Test
  void shouldKeepATypeForAMoment_afterItsLastWorkerHasGone() {
    assertKnown(List.of("mail", "sum"), run("mail", "sum"));
    pass(KEPT.minusNanos(1));
    assertKnown(List.of("mail", "sum"), run("sum"));
    pass(Duration.ofNanos(1));
    assertKnown(List.of("sum"), run("sum"));
  }

  @Test
  void shouldNotNotice_thatAWorkerWasStartedAnew() {
    assertKnown(List.of("mail", "sum"), run("mail", "sum"));
    for (int i = 0; i < 5; i++) {
      pass(KEPT.minusSeconds(1));
      assertKnown(List.of("mail", "sum"), run("sum"));
      assertKnown(List.of("mail", "sum"), run("mail", "sum"));
    }
  }

  @Test
  void shouldKnowNothing_onceThereHasBeenNoWorkerForAMoment() {
    assertKnown(List.of("sum"), run("sum"));
    pass(KEPT.minusNanos(1));
    assertKnown(List.of("sum"), NOBODY);
    pass(Duration.ofNanos(1));
    assertKnown(null, NOBODY);
    assertKnown(List.of("mail"), run("mail"));
  }

  /** Another node has informed the shard; this one cannot say since when a type is gone. */
  @Test
  void shouldBeginToCount_whenItFirstMissesAType() {
    known = List.of("mail", "sum");
    pass(Duration.ofDays(1));
    assertKnown(List.of("mail", "sum"), run("sum"));
    pass(KEPT.minusNanos(1));
    assertKnown(List.of("mail", "sum"), run("sum"));
    pass(Duration.ofNanos(1));
    assertKnown(List.of("sum"), run("sum"));
  }

  @Test
  void shouldKnowNothing_whenWorkersRunMoreTypesThanTheyTell() {
    known = List.of("sum");
    assertKnown(null, new TypeCoverage(1, new TreeSet<>(Set.of("mail")), false, true, false));
  }

  @Test
  void shouldForgetQueuesThatNobodyAsksAbout() {
    assertKnown(List.of("mail", "sum"), run("mail", "sum"));
    memory.retain(Set.of());
    pass(KEPT);
    assertKnown(List.of("mail", "sum"), run("sum"));
  }

  private void assertKnown(@Nullable List<String> expected, TypeCoverage now) {
    known = memory.next("mail", now, known, nanos);
    if (expected == null) {
      assertNull(known);
    } else {
      assertEquals(expected, known);
    }
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private static TypeCoverage run(String... types) {
    return new TypeCoverage(2, new TreeSet<>(List.of(types)), true, true, true);
  }
}
