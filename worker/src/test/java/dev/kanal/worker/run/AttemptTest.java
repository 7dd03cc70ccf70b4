package dev.kanal.worker.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.worker.Context;
import dev.kanal.worker.lane.TaskRunner;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AttemptTest {
  private final AttemptFixture fixture = new AttemptFixture();
  private final Attempt attempt = fixture.attempt(this::handle);

  @Test
  void shouldCallTheHandler_whenThereIsTimeLeft() {
    fixture.clocks.advance(Duration.ofMillis(999));
    attempt.run();
    assertInstanceOf(Outcome.Succeeded.class, outcome());
    assertEquals(List.of("handled", "ended"), fixture.calls);
  }

  @Test
  void shouldNotCallTheHandler_whenTheDeadlinePassesBeforeItsThreadRuns() {
    fixture.clocks.advance(Duration.ofSeconds(1));
    attempt.run();
    assertEquals("deadline", assertInstanceOf(Outcome.TimedOut.class, outcome()).error().type());
    assertEquals(List.of("ended"), fixture.calls);
  }

  @Test
  void shouldNotCallTheHandler_whenTheJobIsCancelledBeforeItsThreadRuns() {
    attempt.interrupt(TaskRunner.Why.CANCEL);
    attempt.run();
    assertInstanceOf(Outcome.Cancelled.class, outcome());
    assertEquals(List.of("ended"), fixture.calls);
  }

  private JsonBytes handle(Context context, JsonBytes payload) {
    fixture.calls.add("handled");
    return payload;
  }

  private Outcome outcome() {
    return fixture.endings.getFirst().outcome();
  }
}
