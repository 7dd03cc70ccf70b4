package dev.kanal.common.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HandoffSinkTest {
  @Test
  void shouldSendInOrder_onAThreadOfItsOwn() throws Exception {
    Recorder target = new Recorder();
    try (HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 100)) {
      CompletableFuture<Position> last = new CompletableFuture<>();
      for (int i = 0; i < 50; i++) {
        last = sink.send(i);
      }
      target.letGo.countDown();
      assertEquals(49, last.get(5, TimeUnit.SECONDS).offset());
    }
    assertEquals(50, target.values.size());
    assertEquals(0, target.values.peek());
  }

  @Test
  void shouldRefuseAtOnce_whenItIsFull_andTakeAgainLater() throws Exception {
    Recorder target = new Recorder();
    try (HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 2)) {
      CompletableFuture<Position> first = sink.send(1);
      CompletableFuture<Position> second = sink.send(2);
      SendFailedException full = failure(sink.send(3));
      assertFalse(full.ambiguous());
      target.letGo.countDown();
      first.get(5, TimeUnit.SECONDS);
      second.get(5, TimeUnit.SECONDS);
      sink.send(4).get(5, TimeUnit.SECONDS);
    }
    assertEquals(List.of(1, 2, 4), List.copyOf(target.values));
  }

  @Test
  void shouldFailWhatWaits_whenItCloses() throws Exception {
    Recorder target = new Recorder();
    HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 10);
    CompletableFuture<Position> passing = sink.send(1);
    CompletableFuture<Position> waiting = sink.send(2);
    assertTrue(target.entered.await(5, TimeUnit.SECONDS));
    sink.close();
    assertEquals(1, passing.get(5, TimeUnit.SECONDS).offset());
    failure(waiting);
    failure(sink.send(3));
    sink.close();
  }

  private static SendFailedException failure(CompletableFuture<Position> sent) {
    var e = assertThrows(ExecutionException.class, () -> sent.get(5, TimeUnit.SECONDS));
    return assertInstanceOf(SendFailedException.class, e.getCause());
  }

  /** Remembers what it is sent; the first send blocks until it is let go or interrupted. */
  private static final class Recorder implements Sink<Integer> {
    private final ConcurrentLinkedQueue<Integer> values = new ConcurrentLinkedQueue<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public CompletableFuture<Position> send(Integer value) {
      entered.countDown();
      try {
        letGo.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      values.add(value);
      return CompletableFuture.completedFuture(new Position(0, value, Instant.EPOCH));
    }

    @Override
    public void close() {}
  }
}
