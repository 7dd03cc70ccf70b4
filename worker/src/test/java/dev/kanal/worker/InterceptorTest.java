package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.worker.testing.HandlerTester;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class InterceptorTest {
  private final List<String> seen = new ArrayList<>();

  @Test
  void shouldGoFromTheFirstToTheHandlerAndBack() {
    assertEquals("done", returning().intercept(noting("a")).intercept(noting("b")).run().result());
    assertEquals(List.of("a", "b", "handler", "b done", "a done"), seen);
  }

  @Test
  void shouldSeeTheException_andNotKeepIt() {
    Interceptor keeps =
        (_, invocation) -> {
          Exception thrown = assertThrows(Exception.class, () -> proceed(invocation));
          seen.add(String.valueOf(thrown.getMessage()));
        };
    var failed =
        assertInstanceOf(
            Outcome.Failed.class, throwing().intercept(keeps).intercept(keeps).run().outcome());
    assertEquals("broken", failed.error().message());
    assertEquals(List.of("broken", "broken"), seen);
  }

  @Test
  void shouldKeepTheResult_whenAnInterceptorFailsAfterIt() {
    Interceptor fails =
        (_, invocation) -> {
          invocation.proceed();
          throw new IllegalStateException("too late");
        };
    assertEquals("done", returning().intercept(fails).run().result());
  }

  @Test
  void shouldFailAsTheInterceptorSays_whenTheHandlerWasNotCalled() {
    Interceptor refuses =
        (_, _) -> {
          throw new JobFailed("no-tenant", "Expected a tenant, but there is none", false);
        };
    var failed =
        assertInstanceOf(Outcome.Failed.class, returning().intercept(refuses).run().outcome());
    assertEquals("no-tenant", failed.error().type());
    assertEquals(List.of(), seen);
  }

  @Test
  void shouldFail_whenAnInterceptorDoesNotProceed_orTwice() {
    var failed =
        assertInstanceOf(Outcome.Failed.class, returning().intercept((_, _) -> {}).run().outcome());
    assertTrue(failed.error().message().contains("proceed()"), failed::toString);
    Interceptor twice =
        (_, invocation) -> {
          invocation.proceed();
          assertThrows(IllegalStateException.class, () -> proceed(invocation));
        };
    assertEquals("done", returning().intercept(twice).run().result());
    assertEquals(List.of("handler"), seen);
  }

  @Test
  void shouldBeInterrupted_whenTheJobIsCancelled() {
    Interceptor waits =
        (_, invocation) -> {
          invocation.proceed();
          new CountDownLatch(1).await();
        };
    assertEquals(
        new Outcome.Cancelled(), returning().intercept(waits).start().cancel().await().outcome());
  }

  private HandlerTester<JsonBytes, String> returning() {
    return HandlerTester.of(
        "x",
        JsonBytes.class,
        (_, _) -> {
          seen.add("handler");
          return "done";
        });
  }

  private static HandlerTester<JsonBytes, String> throwing() {
    return HandlerTester.of(
        "x",
        JsonBytes.class,
        (_, _) -> {
          throw new IllegalStateException("broken");
        });
  }

  private static void proceed(Interceptor.Invocation invocation) throws Exception {
    var _ = invocation.proceed();
  }

  private Interceptor noting(String name) {
    return (_, invocation) -> {
      seen.add(name);
      seen.add(name + " " + invocation.proceed());
    };
  }
}
