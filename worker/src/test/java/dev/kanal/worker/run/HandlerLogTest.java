package dev.kanal.worker.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.worker.report.LogBudget;
import dev.kanal.worker.run.AttemptFixture.LoggedLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HandlerLogTest {
  private final AttemptFixture fixture = new AttemptFixture();
  private final Attempt attempt =
      fixture.attempt(
          (context, payload) -> {
            context.log("last");
            return payload;
          });

  @Test
  void shouldTellOnceASecond_atMost() {
    attempt.log("one");
    check();
    attempt.log("two");
    attempt.log("three");
    check();
    pass(999);
    assertEquals(List.of(new LoggedLines(0, 0, List.of("one"))), fixture.logged);
    pass(1);
    assertEquals(new LoggedLines(1, 0, List.of("two", "three")), fixture.logged.getLast());
    pass(1_000);
    assertEquals(2, fixture.logged.size());
  }

  @Test
  void shouldTellTheLastLines_beforeTheOutcome() {
    attempt.log("first");
    attempt.run();
    assertEquals(List.of(new LoggedLines(0, 0, List.of("first", "last"))), fixture.logged);
    assertEquals(List.of("ended"), fixture.calls);
    attempt.log("after the end");
    pass(2_000);
    assertEquals(1, fixture.logged.size());
  }

  @Test
  void shouldSendOneRecordAtATime() {
    CompletableFuture<Void> slow = new CompletableFuture<>();
    fixture.kafka = () -> slow;
    attempt.log("one");
    check();
    attempt.log("two");
    pass(5_000);
    assertEquals(1, fixture.logged.size());
    slow.complete(null);
    pass(1);
    assertEquals(new LoggedLines(1, 0, List.of("two")), fixture.logged.getLast());
  }

  @Test
  void shouldKeepTheNewestLines_andCountTheOthers_whileKafkaIsAway() {
    fixture.takesLines = false;
    for (int i = 0; i < Logged.LINES_MAX + 5; i++) {
      attempt.log("line " + i);
    }
    check();
    assertEquals(0, fixture.logged.size());
    fixture.takesLines = true;
    check();
    LoggedLines logged = fixture.logged.getFirst();
    assertEquals(5, logged.omitted());
    assertEquals(Logged.LINES_MAX, logged.lines().size());
    assertEquals("line 5", logged.lines().getFirst());
    attempt.log("next");
    pass(1_000);
    assertEquals(
        new LoggedLines(Logged.LINES_MAX + 5, 0, List.of("next")), fixture.logged.getLast());
  }

  @Test
  void shouldKeep64KiB_ofCutLines() {
    fixture.takesLines = false;
    for (int i = 0; i < 100; i++) {
      attempt.log("x".repeat(5_000));
    }
    fixture.takesLines = true;
    check();
    LoggedLines logged = fixture.logged.getFirst();
    assertEquals(65, logged.lines().size());
    assertEquals(35, logged.omitted());
    assertEquals(1_000, logged.lines().getFirst().length());
  }

  @Test
  void shouldCountLines_thatTheWholeWorkerHasNoRoomFor() {
    AttemptFixture small = new AttemptFixture(10);
    Attempt logging = small.attempt((_, payload) -> payload);
    IntStream.range(0, 4).forEach(i -> logging.log("line" + i));
    logging.check(small.clocks.clocks().ticker().nanos());
    assertEquals(List.of(new LoggedLines(0, 0, List.of("line0", "line1"))), small.logged);
    logging.log("later");
    logging.run();
    assertEquals(new LoggedLines(2, 2, List.of("later")), small.logged.getLast());
  }

  @Test
  void shouldGiveBackItsRoom() {
    LogBudget budget = fixture.budget;
    attempt.log("one");
    attempt.run();
    assertTrue(budget.take((int) LogBudget.DEFAULT), "all of it is there again");
  }

  private void pass(long ms) {
    fixture.clocks.advance(Duration.ofMillis(ms));
    check();
  }

  private void check() {
    attempt.check(fixture.clocks.clocks().ticker().nanos());
  }
}
