package dev.kanal.common.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.schedule.Misfire.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class ScheduleSpecTest {
  private static final Cadence HOURLY = new Cadence.Every(Duration.ofHours(1));
  private static final JobSpec JOB = JobSpec.of("report", JsonBytes.NULL);

  @Test
  void shouldBoundTheInterval() {
    new Cadence.Every(Duration.ofSeconds(1));
    new Cadence.Every(Duration.ofDays(366));
    refused(
        "Expected every from PT1S to PT8784H, but got PT0.999S",
        () -> new Cadence.Every(Duration.ofMillis(999)));
    refused(
        "Expected every from PT1S to PT8784H, but got PT8784H0.001S",
        () -> new Cadence.Every(Duration.ofDays(366).plusMillis(1)));
    refused(
        "Expected every in whole milliseconds, but got PT1.0005S",
        () -> new Cadence.Every(Duration.ofNanos(1_000_500_000)));
  }

  @Test
  void shouldBoundTheMisfireLimit() {
    new Misfire(Policy.FIRE_ALL, 1);
    new Misfire(Policy.FIRE_ALL, 1_000);
    refused("Expected misfire limit from 1 to 1000, but got 0", () -> misfire(0));
    refused("Expected misfire limit from 1 to 1000, but got 1001", () -> misfire(1_001));
  }

  @Test
  void shouldBoundTheStartingDeadline() {
    ScheduleSpec spec = ScheduleSpec.of(HOURLY, JOB);
    spec.withStartingDeadline(Duration.ofSeconds(1));
    spec.withStartingDeadline(Duration.ofDays(366));
    refused(
        "Expected startingDeadline from PT1S to PT8784H, but got PT0S",
        () -> spec.withStartingDeadline(Duration.ZERO));
    refused(
        "Expected startingDeadline from PT1S to PT8784H, but got PT8808H",
        () -> spec.withStartingDeadline(Duration.ofDays(367)));
  }

  @Test
  void shouldRefuseWhatATickBringsItself() {
    refused(
        "Expected the job of a schedule to start at once, but it has a delay or runAt",
        () -> ScheduleSpec.of(HOURLY, JOB.withStart(new StartTime.At(Instant.EPOCH))));
    refused(
        "Expected the job of a schedule without deadline, but got 1970-01-01T00:00:00Z",
        () -> ScheduleSpec.of(HOURLY, JOB.withDeadline(Instant.EPOCH)));
    refused(
        "Expected the job of a schedule without idempotencyKey, which each tick brings itself, but"
            + " it has one",
        () -> ScheduleSpec.of(HOURLY, JOB.withIdempotency(new Idempotency("a", 1, 2))));
  }

  @Test
  void shouldRefuseACadenceThatNeverTicks() {
    refused(
        "Expected a cron expression that fires some day, but * 2 ? 3 SUNL means only times that"
            + " Europe/Paris always skips",
        () -> new Cadence.ByCron(Cron.parse("* 2 ? 3 SUNL"), ZoneId.of("Europe/Paris")));
  }

  private static Misfire misfire(int limit) {
    return new Misfire(Policy.FIRE_ALL, limit);
  }

  private static void refused(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
