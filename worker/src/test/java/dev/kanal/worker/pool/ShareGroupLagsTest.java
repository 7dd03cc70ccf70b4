package dev.kanal.worker.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShareGroupLagsTest {
  @Test
  void shouldAskAboutAllQueues_whenThereAreFew() {
    assertEquals(List.of("c", "a", "b"), ShareGroupLags.next(Set.of("a", "b", "c"), "b"));
    assertEquals(List.of("a", "b"), ShareGroupLags.next(Set.of("a", "b"), ""));
    assertEquals(List.of(), ShareGroupLags.next(Set.of(), "gone"));
  }

  @Test
  void shouldAskAboutAFewInTurn_whenThereAreMany() {
    Set<String> queues =
        IntStream.range(0, 95).mapToObj(i -> "queue-" + i).collect(Collectors.toSet());
    Set<String> asked = new HashSet<>();
    String last = "";
    for (int look = 0; look < 5; look++) {
      List<String> next = ShareGroupLags.next(queues, last);
      assertEquals(ShareGroupLags.ASKED_AT_ONCE, next.size());
      asked.addAll(next);
      last = next.getLast();
    }
    assertTrue(asked.containsAll(queues), "five looks at twenty");
  }
}
