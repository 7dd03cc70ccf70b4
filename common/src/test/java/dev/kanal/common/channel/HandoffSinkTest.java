package dev.kanal.common.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HandoffSinkTest {
  private final ManualClocks clocks = new ManualClocks();
  private final KafkaReach reach =
      new KafkaReach(new KafkaReach.Words("brokers", "away", "back"), clocks.clocks());

  @Test
  void shouldSendInOrder_onAThreadOfItsOwn() throws Exception {
    Recorder target = new Recorder();
    try (HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 100, reach)) {
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
    try (HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 2, reach)) {
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
    HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 10, reach);
    CompletableFuture<Position> passing = sink.send(1);
    CompletableFuture<Position> waiting = sink.send(2);
    assertTrue(target.entered.await(5, TimeUnit.SECONDS));
    sink.close();
    assertEquals(1, passing.get(5, TimeUnit.SECONDS).offset());
    failure(waiting);
    failure(sink.send(3));
    sink.close();
  }

  @Test
  void shouldNeverSendWhatWasRefused_whenKafkaTakesNothing() throws Exception {
    Recorder target = new Recorder();
    HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 10, reach);
    CompletableFuture<Position> blocked = sink.send(1);
    assertTrue(target.entered.await(5, TimeUnit.SECONDS));
    CompletableFuture<Position> waiting = sink.send(2);
    clocks.advance(HandoffSink.STALLED_MAX.minusNanos(1));
    sink.refuseLate();
    assertFalse(waiting.isDone());

    clocks.advance(Duration.ofNanos(1));
    sink.refuseLate();

    assertFalse(failure(waiting).ambiguous());
    assertEquals(1, sink.length());
    CompletableFuture<Position> later = sink.send(3);
    target.letGo.countDown();
    blocked.get(5, TimeUnit.SECONDS);
    later.get(5, TimeUnit.SECONDS);
    sink.close();
    assertEquals(List.of(1, 3), List.copyOf(target.values));
  }

  @Test
  void shouldRefuseAllAtOnce_whileKafkaIsAway_andSendTheProofAnyway() throws Exception {
    Recorder target = new Recorder();
    HandoffSink<Integer> sink = new HandoffSink<>("test-sink", target, 10, reach);
    CompletableFuture<Position> blocked = sink.send(1);
    assertTrue(target.entered.await(5, TimeUnit.SECONDS));
    CompletableFuture<Position> waiting = sink.send(2);
    goAway();
    sink.refuseLate();
    assertTrue(failure(waiting).toString().contains("out of reach since"));
    assertTrue(failure(sink.send(3)).toString().contains("out of reach since"));

    target.letGo.countDown();
    blocked.get(5, TimeUnit.SECONDS);
    assertNull(reach.away());
    goAway();
    sink.sendAnyway(4).get(5, TimeUnit.SECONDS);

    assertNull(reach.away());
    sink.send(5).get(5, TimeUnit.SECONDS);
    sink.close();
    assertEquals(List.of(1, 4, 5), List.copyOf(target.values));
  }

  /** Nothing is answered for a while. */
  private void goAway() {
    KafkaReach.Probe nobody =
        new KafkaReach.Probe() {
          @Override
          public CompletableFuture<?> ask() {
            return new CompletableFuture<>();
          }

          @Override
          public CompletableFuture<?> send() {
            return new CompletableFuture<>();
          }
        };
    for (int i = 0; i < 50; i++) {
      clocks.advance(Duration.ofMillis(100));
      reach.look(nobody);
    }
    assertNotNull(reach.away());
  }

  private static SendFailedException failure(CompletableFuture<Position> sent) {
    var e = assertThrows(ExecutionException.class, () -> sent.get(5, TimeUnit.SECONDS));
    return assertInstanceOf(SendFailedException.class, e.getCause());
  }

  /** Remembers what was sent; the first send blocks until it is released or interrupted. */
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
