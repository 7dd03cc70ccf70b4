package dev.kanal.process.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.process.kit.Console;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A program that embeds a worker with careless settings. */
final class EmbeddedWorkerTest {
  private static final String NOWHERE = "127.0.0.1:1";
  private static final String NO_NAME = "no-such-host.invalid:9092";
  private static final Duration LEAST_WAIT = Duration.ofSeconds(8);
  private static final Duration WHOLE_RUN = Duration.ofSeconds(60);

  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldSayWhatIsWrong_whenItsKafkaIsNowhere_andOnceThatNothingTakesItsLog() throws Exception {
    Program program = programs.embedding(EmbeddingApplication.class, NO_NAME, NOWHERE);

    assertEquals(0, program.awaitExit(WHOLE_RUN), program::printed);
    List<String> lines = program.out().lines();
    assertEquals(2, lines.size(), program::printed);
    assertTrue(lines.get(0).contains(" s: Kafka at " + NO_NAME + " has a name"), lines::toString);
    assertTrue(lines.get(1).matches("\\d+ s: Kafka at " + NOWHERE + " .*"), lines::toString);
    long waited = Long.parseLong(lines.get(1).substring(0, lines.get(1).indexOf(' ')));
    assertTrue(waited >= LEAST_WAIT.toSeconds(), lines::toString);
    assertTrue(lines.get(1).contains("nobody listens at " + NOWHERE), lines::toString);
    List<String> complaints = Console.complaints(program);
    assertEquals(1, complaints.size(), program::printed);
    assertTrue(complaints.getFirst().contains("no SLF4J provider"), complaints::toString);
  }
}
