package dev.kanal.bench.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.bench.kanal.WallClock;
import dev.kanal.bench.latency.OpenLoop.Caller;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenLoopTest {
  private static final Duration TIME = Duration.ofMillis(200);

  @Test
  void shouldMakeEachCallWhenItIsDue_whenAnswersAreQuick() throws Exception {
    Queue<Long> dues = new ConcurrentLinkedQueue<>();
    Queue<Long> early = new ConcurrentLinkedQueue<>();

    long count =
        new OpenLoop(100, 4)
            .run(
                TIME,
                () ->
                    due -> {
                      dues.add(due);
                      if (WallClock.micros() < due) {
                        early.add(due);
                      }
                    });

    long[] sorted = dues.stream().mapToLong(Long::longValue).sorted().toArray();
    assertEquals(20, count);
    assertEquals(20, sorted.length);
    assertTrue(
        IntStream.range(0, sorted.length).allMatch(i -> sorted[i] == sorted[0] + i * 10_000L),
        () -> "Expected one each 10 ms, but found " + LongStream.of(sorted).boxed().toList());
    assertTrue(early.isEmpty(), () -> "Expected none before it was due, but found " + early);
  }

  @Test
  void shouldKeepWhatIsDue_whenOneCallStalls() throws Exception {
    Queue<Long> dues = new ConcurrentLinkedQueue<>();

    new OpenLoop(100, 1)
        .run(
            TIME,
            () ->
                due -> {
                  dues.add(due);
                  while (dues.size() == 1 && WallClock.micros() < due + 100_000) {
                    LockSupport.parkNanos(1_000_000);
                  }
                });

    long[] inOrder = dues.stream().mapToLong(Long::longValue).toArray();
    assertEquals(20, inOrder.length);
    assertEquals(190_000, inOrder[19] - inOrder[0]);
  }

  @Test
  void shouldStopAndCloseAll_whenACallFails() {
    IOException refused = new IOException("refused");
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();

    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                new OpenLoop(100, 2)
                    .run(
                        TIME,
                        () ->
                            new Caller() {
                              @Override
                              public void call(long dueMicros) throws IOException {
                                calls.incrementAndGet();
                                throw refused;
                              }

                              @Override
                              public void close() {
                                closed.incrementAndGet();
                              }
                            }));

    assertSame(refused, thrown.getCause());
    assertTrue(calls.get() <= 2, calls::toString);
    assertEquals(2, closed.get());
  }
}
