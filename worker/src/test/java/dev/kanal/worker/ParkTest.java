package dev.kanal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.task.Task;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handler that hands its work outside. */
@EmbeddedCluster
final class ParkTest {
  private static final TokenHash TOKEN = TokenHash.of("token");

  private final Installation installation;
  private final Worker worker;

  ParkTest(TestKafka kafka) throws Exception {
    installation = new Installation(kafka);
    worker =
        installation
            .worker()
            .slots(1)
            .handle("park", JsonBytes.class, (_, _) -> park())
            .handle("note", JsonBytes.class, (_, _) -> "done")
            .build();
  }

  @AfterEach
  void end() {
    worker.close();
    installation.close();
  }

  @Test
  void shouldReportTheTokensHashAndFreeTheOnlySlot_whenAHandlerParks() throws Exception {
    worker.start();
    Task parked = installation.task("park", "1", Duration.ofMinutes(3));
    Task next = installation.task("note", "1");
    installation.send(parked).get();
    Outcome outcome = installation.awaitOutcome(parked);
    installation.send(next).get();

    assertInstanceOf(Outcome.Succeeded.class, installation.awaitOutcome(next));
    Finished finished =
        installation.entries.stream()
            .filter(entry -> entry instanceof Finished each && each.outcome().equals(outcome))
            .map(Finished.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(new Outcome.Parked(TOKEN, finished.startedAt().plus(parked.timeout())), outcome);
  }

  private static Object park() throws Park {
    throw new Park(TOKEN);
  }
}
