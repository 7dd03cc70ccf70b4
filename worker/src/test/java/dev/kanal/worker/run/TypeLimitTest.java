package dev.kanal.worker.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.worker.HandlerOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TypeLimitTest {
  private final TypeLimit limit = new TypeLimit(2);

  @Test
  void shouldLetInSoManyAndNoMore() {
    assertTrue(limit.enter());
    assertTrue(limit.enter());
    assertFalse(limit.enter());
    limit.leave();
    assertTrue(limit.enter());
  }

  @Test
  void shouldSpreadThoseItRefuses_andBeginAnewAfterASecond() {
    assertEquals(Duration.ofSeconds(1), limit.refuse(0));
    assertEquals(Duration.ofMillis(1_005), limit.refuse(1));
    assertEquals(Duration.ofMillis(1_010), limit.refuse(999_999_999));
    assertEquals(Duration.ofSeconds(1), limit.refuse(1_000_000_000));
  }

  @Test
  void shouldDelayByThirtySecondsAtMost() {
    assertEquals(TypeLimit.DELAY_MAX, TypeLimit.delay(1_000_000, 1));
  }

  @Test
  void shouldTakeOptionsAtTheirBounds_andNoneBeyond() {
    HandlerOptions options = HandlerOptions.DEFAULT;
    options.withTimeout(HandlerOptions.TIMEOUT_MAX);
    options.withMaxConcurrency(1).withMaxConcurrency(HandlerOptions.CONCURRENCY_MAX);
    refuses(() -> options.withTimeout(Duration.ZERO));
    refuses(() -> options.withTimeout(HandlerOptions.TIMEOUT_MAX.plusNanos(1)));
    refuses(() -> options.withMaxConcurrency(0));
    refuses(() -> options.withMaxConcurrency(HandlerOptions.CONCURRENCY_MAX + 1));
    refuses(() -> options.withQueues("Mail"));
    String[] names = new String[HandlerOptions.NAMED_MAX + 1];
    for (int i = 0; i < names.length; i++) {
      names[i] = "q" + i;
    }
    refuses(() -> options.withQueues(names));
  }

  private static void refuses(org.junit.jupiter.api.function.Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }
}
