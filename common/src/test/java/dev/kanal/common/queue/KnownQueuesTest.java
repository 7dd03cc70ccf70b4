package dev.kanal.common.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class KnownQueuesTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final KnownQueues known = new KnownQueues();

  @Test
  void shouldKeepTheNewest_whateverTheOrder() {
    assertTrue(known.take(said("a", 2, 5)));
    assertFalse(known.take(said("a", 1, 4)));
    assertFalse(known.take(said("a", 2, 5)));
    assertTrue(known.take(said("b", 1, 1)));

    assertEquals(QueueSettings.of(2, 1), known.settings("a"));
    assertEquals(2, known.all().size());
    assertNull(known.settings("c"));
  }

  @Test
  void shouldKnowThatAQueueWasDeleted_andNotListenToWhatWasSaidBefore() {
    assertTrue(known.take(new QueueRecord("a", null, 9)));
    assertFalse(known.take(said("a", 2, 5)));

    assertNull(known.settings("a"));
    assertEquals(new QueueRecord("a", null, 9), known.of("a"));
    assertEquals(List.of(), known.all());
    assertTrue(known.take(said("a", 2, 10)));
  }

  @Test
  void shouldAnswerThoseWhoWaitForARevision() {
    CompletableFuture<Boolean> first = known.await("a", 5, LONG);
    CompletableFuture<Boolean> second = known.await("a", 6, LONG);
    known.take(said("b", 1, 7));
    assertFalse(first.isDone());

    known.take(said("a", 1, 5));

    assertTrue(first.join());
    assertFalse(second.isDone());
    known.take(new QueueRecord("a", null, 8));
    assertTrue(second.join());
    assertTrue(known.await("a", 8, LONG).isDone());
    assertFalse(known.await("a", 9, Duration.ofMillis(1)).join());
  }

  private static QueueRecord said(String queue, int partitions, long revision) {
    return new QueueRecord(queue, QueueSettings.of(partitions, 1), revision);
  }
}
