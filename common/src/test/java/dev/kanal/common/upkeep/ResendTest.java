package dev.kanal.common.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ResendTest {
  /** What waits for its pause, which ends when the test says so. */
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  private final Resend resend = new Resend(waiting::add);
  private final Deque<CompletableFuture<String>> answers = new ArrayDeque<>();
  private int asked;
  private int arrived;

  @Test
  void shouldSendAgainAfterEachPause_untilItArrives() {
    fail("first");
    fail("second");
    answers.add(CompletableFuture.completedFuture("there"));

    resend.send(this::send, () -> arrived++);
    assertEquals(1, asked, "nothing is sent again before the pause is over");
    pauseIsOver();
    pauseIsOver();

    assertEquals(3, asked);
    assertEquals(1, arrived);
    assertEquals(0, waiting.size());
  }

  @Test
  void shouldDropWhatWaits_whenItIsClosed() {
    fail("first");
    resend.send(this::send, () -> arrived++);

    resend.close();
    resend.close();
    pauseIsOver();

    assertEquals(1, asked);
    assertEquals(0, arrived);
    assertTrue(resend.isClosed());
    resend.later(() -> arrived++);
    assertEquals(0, waiting.size(), "nothing waits any more");
  }

  @Test
  void shouldCountAsClosed_whenItsExecutorIs() {
    Resend refused =
        new Resend(
            _ -> {
              throw new RejectedExecutionException("closed");
            });
    assertFalse(refused.isClosed());
    refused.later(() -> arrived++);
    assertTrue(refused.isClosed());
    assertEquals(0, arrived);
  }

  @Test
  void shouldAskAgain_whileTheFailurePasses() throws Exception {
    fail("first");
    fail("second");
    answers.add(CompletableFuture.completedFuture("there"));

    CompletableFuture<String> answer = resend.ask(this::send, 3, _ -> true);
    pauseIsOver();
    assertFalse(answer.isDone());
    pauseIsOver();

    assertEquals("there", answer.get());
  }

  @Test
  void shouldAnswerTheFailure_whenItStaysOrThereWereEnoughTries() {
    fail("first");
    fail("second");
    fail("third");
    CompletableFuture<String> often = resend.ask(this::send, 2, _ -> true);
    pauseIsOver();
    assertEquals("second", failure(often));
    assertEquals("third", failure(resend.ask(this::send, 2, _ -> false)));
    assertEquals(0, waiting.size());
  }

  @Test
  void shouldTakeAPauseOfTheClock_whenNothingElseIsSaid() throws Exception {
    CompletableFuture<String> ran = new CompletableFuture<>();
    try (Resend timed = new Resend(Duration.ofMillis(1))) {
      timed.later(() -> ran.complete("ran"));
      assertEquals("ran", ran.get(20, TimeUnit.SECONDS));
    }
  }

  private static String failure(CompletableFuture<String> answer) {
    Throwable cause = assertThrows(ExecutionException.class, answer::get).getCause();
    return String.valueOf(cause == null ? null : cause.getMessage());
  }

  private void fail(String why) {
    answers.add(CompletableFuture.failedFuture(new IOException(why)));
  }

  private CompletableFuture<String> send() {
    asked++;
    return answers.removeFirst();
  }

  private void pauseIsOver() {
    waiting.removeFirst().run();
  }
}
