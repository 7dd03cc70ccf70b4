package dev.kanal.scheduler.queues;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.error.KanalException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NewQueuesTest {
  private final ManualClocks clocks = new ManualClocks();

  @Test
  void shouldRefuseOneBeyondTheMost_alsoWhileOthersAreBeingMade() {
    NewQueues queues = new NewQueues(3, 100, clocks.clocks().ticker());

    queues.begin("b", Set.of("a"));
    queues.begin("c", Set.of("a"));

    assertEquals(ErrorCode.TOO_MANY_QUEUES, refused(queues, "d", Set.of("a")));
    assertDoesNotThrow(() -> queues.begin("a", Set.of("a")), "is there");
    assertDoesNotThrow(() -> queues.begin("b", Set.of("a")), "is being made");
    queues.over("b");
    assertDoesNotThrow(() -> queues.begin("d", Set.of("a")), "b came to nothing");
  }

  @Test
  void shouldMakeSoManyAMinute_evenly() {
    NewQueues queues = new NewQueues(1_000, 60, clocks.clocks().ticker());
    for (int i = 0; i < 60; i++) {
      queues.begin("q" + i, Set.of());
    }

    assertEquals(ErrorCode.RATE_LIMITED, refused(queues, "more", Set.of()));
    clocks.advance(Duration.ofMillis(999));
    assertEquals(ErrorCode.RATE_LIMITED, refused(queues, "more", Set.of()));
    clocks.advance(Duration.ofMillis(2));
    assertDoesNotThrow(() -> queues.begin("more", Set.of()));
    assertEquals(ErrorCode.RATE_LIMITED, refused(queues, "another", Set.of()));
  }

  private static ErrorCode refused(NewQueues queues, String queue, Set<String> there) {
    return assertThrows(KanalException.class, () -> queues.begin(queue, there)).code();
  }
}
