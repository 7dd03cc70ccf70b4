package dev.kanal.worker.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.worker.Child;
import dev.kanal.worker.Context;
import dev.kanal.worker.Handler;
import dev.kanal.worker.HandlerOptions;
import dev.kanal.worker.InterruptCause;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.Snooze;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HandlerTesterTest {
  record Item(String name, int count) {}

  record Order(List<Item> items) {}

  @Test
  void shouldGiveTheResult_whenTheHandlerReturns() {
    HandlerResult<String> result =
        HandlerTester.of("pack", Item.class, (context, item) -> item.name() + context.attempt())
            .payload(new Item("box", 1))
            .attempt(2)
            .run();

    assertEquals("box2", result.result());
    assertEquals("\"box2\"", result.json());
  }

  @Test
  void shouldGiveEveryProgress_inOrder() {
    Handler<JsonBytes, @Nullable Void> handler =
        (context, _) -> {
          context.progress(0.5, "half");
          Context.current().progress(1, null);
          return null;
        };
    assertEquals(
        List.of(new JobProgress(0.5, "half"), new JobProgress(1, null)),
        HandlerTester.of("pack", JsonBytes.class, handler).run().progress());
  }

  @Test
  void shouldGiveWhatWasLogged_andTheChildren() {
    Handler<JsonBytes, String> handler =
        (context, _) -> {
          context.log("one");
          JobId child = context.submit("part", Child.of("pack", 1).queue("other"));
          context.log("two");
          return child + " " + context.submit("part", Child.of("pack", 1)).equals(child);
        };
    HandlerResult<String> result = HandlerTester.of("pack", JsonBytes.class, handler).run();

    assertEquals(List.of("one", "two"), result.log());
    HandlerResult.Submitted child = result.children().getFirst();
    assertEquals(1, result.children().size());
    assertEquals("part", child.name());
    assertEquals("other", child.spec().queue());
    assertEquals(child.id() + " true", result.result());
  }

  @Test
  void shouldTimeOut_whenTimePasses() {
    RunningHandler<String> running =
        HandlerTester.of("wait", Item.class, waiting())
            .timeout(minutes(5))
            .payload(new Item("a", 1))
            .start();
    running.advance(minutes(4));
    HandlerResult<String> result = running.advance(minutes(1)).await();
    assertEquals(
        "timeout", assertInstanceOf(Outcome.TimedOut.class, result.outcome()).error().type());
    assertThrows(IllegalStateException.class, result::json);
  }

  @Test
  void shouldTimeOutEarlier_whenTheHandlersOptionIsLess_andNotLater() {
    HandlerOptions options = HandlerOptions.DEFAULT.withTimeout(minutes(3));
    Handler<JsonBytes, Duration> left = (context, _) -> context.remaining();
    var tester = HandlerTester.of("left", JsonBytes.class, left).options(options);
    assertEquals(minutes(3), tester.timeout(minutes(5)).run().result());
    assertEquals(minutes(2), tester.timeout(minutes(2)).run().result());
  }

  @Test
  void shouldTellTheCause_whenCancelledOrShutDown() {
    BlockingQueue<InterruptCause> causes = new LinkedBlockingQueue<>();
    Handler<JsonBytes, String> handler =
        (context, _) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            causes.add(context.interruptCause().orElseThrow());
          }
          return "late";
        };
    var tester = HandlerTester.of("wait", JsonBytes.class, handler);
    assertEquals(new Outcome.Cancelled(), tester.start().cancel().await().outcome());
    assertEquals("\"late\"", tester.start().shutDown().await().json());
    assertEquals(
        List.of(InterruptCause.CANCELLED, InterruptCause.SHUTDOWN), new ArrayList<>(causes));
  }

  @Test
  void shouldReportWithoutTheEnd_whenTheHandlerIgnoresItsInterrupt() {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger interrupts = new AtomicInteger();
    Handler<JsonBytes, String> stubborn =
        (_, _) -> {
          while (release.getCount() > 0) {
            try {
              release.await();
            } catch (InterruptedException e) {
              interrupts.incrementAndGet();
            }
          }
          return "late";
        };
    var running = HandlerTester.of("wait", JsonBytes.class, stubborn).start().timeOut();
    HandlerResult<String> result = running.advance(Duration.ofSeconds(2)).await();
    assertTrue(result.stillRunning());
    release.countDown();
    assertInstanceOf(Outcome.TimedOut.class, running.awaitEnd().outcome());
    assertEquals(1, interrupts.get());
  }

  @Test
  void shouldSayWhetherToTryAgain() {
    HandlerOptions options =
        HandlerOptions.DEFAULT.withNotRetryable(IllegalArgumentException.class);
    assertFalse(failed(new NumberFormatException("x"), options).retryable());
    assertTrue(failed(new IllegalStateException("x"), options).retryable());
    assertTrue(failed(new JobFailed("declined", "x", true), options).retryable());
    assertInstanceOf(Outcome.Snoozed.class, thrown(new Snooze(minutes(1), "later"), options));
  }

  @Test
  void shouldNameThePlace_whenThePayloadCannotBeRead() {
    var order = HandlerTester.of("order", Order.class, (_, _) -> "done");
    var json = JsonBytes.of("{\"items\":[{\"name\":\"a\",\"count\":1},{\"count\":\"many\"}]}");
    var failed = assertInstanceOf(Outcome.Failed.class, order.payload(json).run().outcome());
    assertEquals("unreadable-payload", failed.error().type());
    assertTrue(failed.error().message().contains("at /items/1/count: "), failed::toString);
    assertFalse(failed.retryable());
  }

  @Test
  void shouldTakeAnyPayload_whenTheHandlerWantsNone() {
    var tester = HandlerTester.of("x", Void.class, (_, _) -> "ran");
    assertEquals("ran", tester.payload(new Item("a", 1)).run().result());
  }

  private static Outcome.Failed failed(Exception thrown, HandlerOptions options) {
    return assertInstanceOf(Outcome.Failed.class, thrown(thrown, options));
  }

  private static Outcome thrown(Exception thrown, HandlerOptions options) {
    Handler<JsonBytes, String> handler =
        (_, _) -> {
          throw thrown;
        };
    return HandlerTester.of("fail", JsonBytes.class, handler).options(options).run().outcome();
  }

  private static Handler<Item, String> waiting() {
    return (_, _) -> {
      new CountDownLatch(1).await();
      return "never";
    };
  }

  private static Duration minutes(int count) {
    return Duration.ofMinutes(count);
  }
}
