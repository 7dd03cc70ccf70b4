package dev.kanal.worker.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.Outcome;
import dev.kanal.worker.Child;
import dev.kanal.worker.Context;
import dev.kanal.worker.InterruptCause;
import dev.kanal.worker.lane.TaskRunner;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ContextTest {
  private final AttemptFixture fixture = new AttemptFixture();

  @Test
  void shouldBeInScope_whileTheHandlerRuns() {
    AtomicReference<Context> seen = new AtomicReference<>();
    Attempt attempt =
        fixture.attempt(
            (context, payload) -> {
              assertSame(context, Context.current());
              seen.set(context);
              return payload;
            });
    attempt.run();
    assertNotNull(seen.get());
    assertThrows(IllegalStateException.class, Context::current);
  }

  @Test
  void shouldTellTheValues_thatTravelWithTheJob() {
    Context context = fixture.attempt((_, payload) -> payload);
    assertEquals(Map.of("tenant", "7", "x", " "), context.values());
    assertEquals(Optional.of("7"), context.value("tenant"));
    assertEquals(Optional.empty(), context.value("other"));
    assertThrows(UnsupportedOperationException.class, () -> context.values().put("a", "b"));
  }

  @Test
  void shouldTellThatItIsCancelled_andWhy() {
    Attempt attempt = fixture.attempt((_, payload) -> payload);
    assertFalse(attempt.isCancelled());
    attempt.interrupt(TaskRunner.Why.STOP);
    assertTrue(attempt.isCancelled());
    assertEquals(Optional.of(InterruptCause.SHUTDOWN), attempt.interruptCause());
  }

  @Test
  void shouldTellItsDeadline_andWhatIsLeft() {
    Context context = fixture.attempt((_, payload) -> payload);
    assertEquals(ManualClocks.WALL_ORIGIN.plusSeconds(1), context.deadline());
    fixture.clocks.advance(Duration.ofMillis(400));
    assertEquals(Duration.ofMillis(600), context.remaining());
    fixture.clocks.advance(Duration.ofSeconds(4));
    assertEquals(Duration.ZERO, context.remaining());
  }

  @Test
  void shouldReportWhereTheHandlerIs_whenItIgnoresItsCancel() throws Exception {
    ErrorInfo error =
        assertInstance(Outcome.Cancelled.class, stubborn(TaskRunner.Why.CANCEL)).error();
    assertNotNull(error);
    assertEquals("cancelled", error.type());
    assertIsHere(error);
  }

  @Test
  void shouldReportWhereTheHandlerIs_whenItIgnoresTheStop() throws Exception {
    ErrorInfo cause = assertInstance(Outcome.Snoozed.class, stubborn(TaskRunner.Why.STOP)).cause();
    assertEquals("worker-stopped", cause.type());
    assertIsHere(cause);
  }

  private static void assertIsHere(ErrorInfo error) {
    assertTrue(
        String.valueOf(error.stack()).contains("ContextTest.ignoreInterrupts"),
        () -> "the stack: " + error.stack());
  }

  /** The outcome of a handler that goes on; nothing it does later is reported. */
  private Outcome stubborn(TaskRunner.Why why) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Attempt attempt =
        fixture.attempt(
            (context, payload) -> {
              ignoreInterrupts(begun, end);
              context.log("too late");
              assertThrows(
                  IllegalStateException.class,
                  () -> context.submit("a", Child.of("sum", Map.of())));
              return payload;
            });
    Thread thread = Thread.ofVirtual().start(attempt);
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    attempt.interrupt(why);
    fixture.clocks.advance(RunnerSettings.DEFAULT.stubborn().plusMillis(1));
    while (fixture.endings.isEmpty()) {
      attempt.check(fixture.clocks.clocks().ticker().nanos());
      Thread.onSpinWait();
    }
    assertTrue(fixture.endings.getFirst().stillRunning());
    assertTrue(fixture.calls.isEmpty());
    end.countDown();
    assertTrue(thread.join(Duration.ofSeconds(10)));
    assertEquals(1, fixture.endings.size());
    assertEquals("[ended]", fixture.calls.toString());
    assertTrue(fixture.logged.isEmpty());
    assertTrue(fixture.submitted.isEmpty());
    return fixture.endings.getFirst().outcome();
  }

  private static void ignoreInterrupts(CountDownLatch begun, CountDownLatch end) {
    begun.countDown();
    while (true) {
      try {
        end.await();
        return;
      } catch (InterruptedException e) {
        // goes on, which is what this is about
      }
    }
  }

  private static <T> T assertInstance(Class<T> type, Object value) {
    assertEquals(type, value.getClass());
    return type.cast(value);
  }
}
