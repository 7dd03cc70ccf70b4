package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.task.Task;
import dev.kanal.worker.lane.TaskRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AttemptTest {
  private final ManualClocks clocks = new ManualClocks();
  private final List<String> calls = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Attempt attempt =
      new Attempt(task(), registration(), listener(), clocks.clocks(), RunnerSettings.DEFAULT);

  @Test
  void shouldCallTheHandler_whenThereIsTimeLeft() {
    clocks.advance(Duration.ofMillis(999));
    attempt.run();
    assertInstanceOf(Outcome.Succeeded.class, outcomes.getFirst());
    assertEquals(List.of("handled", "ended"), calls);
  }

  @Test
  void shouldNotCallTheHandler_whenTheDeadlinePassesBeforeItsThreadRuns() {
    clocks.advance(Duration.ofSeconds(1));
    attempt.run();
    assertEquals(
        "deadline", assertInstanceOf(Outcome.TimedOut.class, outcomes.getFirst()).error().type());
    assertEquals(List.of("ended"), calls);
  }

  @Test
  void shouldNotCallTheHandler_whenTheJobIsCancelledBeforeItsThreadRuns() {
    attempt.interrupt(TaskRunner.Why.CANCEL);
    attempt.run();
    assertInstanceOf(Outcome.Cancelled.class, outcomes.getFirst());
    assertEquals(List.of("ended"), calls);
  }

  private Registration<JsonBytes> registration() {
    return new Registration<>(
        "note",
        JsonBytes.class,
        (_, _) -> {
          calls.add("handled");
          return null;
        });
  }

  private static Task task() {
    return new Task(
        JobId.of(0, 1, 1),
        "note",
        1,
        1,
        false,
        false,
        false,
        Duration.ofMinutes(1),
        ManualClocks.WALL_ORIGIN.plusSeconds(1),
        ManualClocks.WALL_ORIGIN,
        TraceContext.NONE,
        JsonBytes.NULL);
  }

  private TaskRunner.Listener listener() {
    return new TaskRunner.Listener() {
      @Override
      public String queue() {
        return "default";
      }

      @Override
      public void finished(TaskRunner.Ending ending) {
        outcomes.add(ending.outcome());
      }

      @Override
      public void ended() {
        calls.add("ended");
      }

      @Override
      public boolean progressed(JobProgress progress) {
        return true;
      }
    };
  }
}
