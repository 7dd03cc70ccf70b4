package dev.kanal.common.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class OwnerTest {
  private static final JobId FLOW = JobId.of(1, 1_000, 2);

  @Test
  void shouldTakeWhatIsAtItsBounds() {
    Owner owner = new Owner(FLOW, "s".repeat(100), 9_999_999, 19, 1, true, 4_095);
    assertEquals(9_999_999, owner.index());
  }

  @Test
  void shouldNameWhatIsOutOfItsBounds() {
    assertRefused("step", () -> new Owner(FLOW, "", 0, 0, 1, false, 0));
    assertRefused("step", () -> new Owner(FLOW, "s".repeat(101), 0, 0, 1, false, 0));
    assertRefused("index", () -> new Owner(FLOW, "s", -1, 0, 1, false, 0));
    assertRefused("index", () -> new Owner(FLOW, "s", 10_000_000, 0, 1, false, 0));
    assertRefused("stage", () -> new Owner(FLOW, "s", 0, 20, 1, false, 0));
    assertRefused("round", () -> new Owner(FLOW, "s", 0, 0, 0, false, 0));
    assertRefused("shard", () -> new Owner(FLOW, "s", 0, 0, 1, false, 4_096));
  }

  private static void assertRefused(String field, Executable made) {
    var e = assertThrows(IllegalArgumentException.class, made);
    assertTrue(String.valueOf(e.getMessage()).contains("the " + field), e::getMessage);
  }
}
