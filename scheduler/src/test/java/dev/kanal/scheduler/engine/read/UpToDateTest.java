package dev.kanal.scheduler.engine.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.scheduler.engine.query.JobReader.Health;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class UpToDateTest {
  private static final UpToDate.Look WELL = new UpToDate.Look(null, false, 8, 0, 16);
  private static final UpToDate.Look BEHIND = new UpToDate.Look(null, false, 8, 3, 16);
  private static final UpToDate.Look MOVING =
      new UpToDate.Look("the engine is REBALANCING", false, 8, 0, 16);
  private static final UpToDate.Look STOPPED =
      new UpToDate.Look("the engine is ERROR", true, 8, 0, 16);

  private final ManualClocks clocks = new ManualClocks();
  private final UpToDate upToDate = new UpToDate();

  @Test
  void shouldNotBeReady_beforeAllShardsHaveBeenUpToDate() {
    assertFalse(look(MOVING).ready());
    assertFalse(look(BEHIND).ready());

    Health well = look(WELL);

    assertTrue(well.ready());
    assertTrue(well.upToDate());
    assertEquals("8 of 16 shards are here", well.detail());
  }

  @Test
  void shouldStayReady_whileShardsMoveOrCatchUp_andSaySinceWhen() {
    look(WELL);
    Instant since = clocks.clocks().wall().instant();
    assertTrue(look(MOVING).ready());
    clocks.advance(Duration.ofSeconds(20));

    Health behind = look(BEHIND);

    assertTrue(behind.ready());
    assertFalse(behind.upToDate());
    assertEquals(since, behind.behindSince());
    assertTrue(
        behind.detail().startsWith("5 of 16 shards are here and up to date, 3 more are not, since"),
        behind.detail());
  }

  @Test
  void shouldNotBeReady_whenItLasts_andAgainWhenItIsOver() {
    look(WELL);
    look(BEHIND);
    clocks.advance(UpToDate.LASTING.minusNanos(1));
    assertTrue(look(BEHIND).ready());

    clocks.advance(Duration.ofNanos(1));

    assertFalse(look(MOVING).ready());
    assertTrue(look(WELL).ready());
    assertNull(look(WELL).behindSince());
    assertTrue(look(BEHIND).ready());
  }

  @Test
  void shouldNotBeReady_whenTheEngineHasStopped() {
    look(WELL);

    assertFalse(look(STOPPED).ready());
  }

  private Health look(UpToDate.Look look) {
    return upToDate.look(look, clocks.clocks().ticker().nanos(), clocks.clocks().wall().instant());
  }
}
