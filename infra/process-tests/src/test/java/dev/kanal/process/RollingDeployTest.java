package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Crew;
import dev.kanal.process.kit.HandlerJar;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A type that one release of the workers has, and another has not, on one queue. */
@EmbeddedCluster
final class RollingDeployTest {
  private static final Logger log = LoggerFactory.getLogger(RollingDeployTest.class);
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration ABSENCE = Duration.ofSeconds(30);
  private static final Duration DONE = Duration.ofMinutes(2);
  private static final String JOB = "{\"type\":\"greet\"}";
  private static final int BEFORE = 300;
  private static final int MEANWHILE = 400;
  private static final int AFTER = 300;

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldChargeNoAttempt_whenForAWhileNoWorkerHasTheType(TestKafka kafka) throws Exception {
    Crew crew =
        Crew.start(
            programs, directory, kafka.bootstrapServers(), EmbeddedKafka.uniquePrefix() + "r");
    String handlers = "--worker.handlers=" + HandlerJar.folder(directory, GreetHandler.class);
    Program without = crew.worker("without");
    Program with = crew.worker("with", handlers);
    with.awaitLine("The worker takes tasks", START);
    without.awaitLine("The worker takes tasks", START);
    crew.submit(JOB, BEFORE);
    awaitSucceeded(crew, BEFORE);

    with.terminate();
    assertEquals(0, with.awaitExit(START), with::printed);
    crew.submit(JOB, MEANWHILE);
    Await absence = new Await(ABSENCE);
    while (absence.again()) {
      assertEquals(0, crew.count("default", "DEAD"));
      assertEquals(BEFORE, crew.count("default", "SUCCEEDED"));
    }
    crew.worker("with-again", handlers);
    crew.submit(JOB, AFTER);
    awaitSucceeded(crew, BEFORE + MEANWHILE + AFTER);

    List<JsonNode> jobs = crew.jobs("type=greet");
    assertEquals(BEFORE + MEANWHILE + AFTER, jobs.size());
    int tried = jobs.stream().mapToInt(each -> each.path("attempts").size()).max().orElse(0);
    log.info("No attempt was charged; at most {} runs of a job are noted", tried);
    for (JsonNode each : jobs) {
      assertEquals("SUCCEEDED", each.path("state").asText(), each::toString);
      assertEquals(1, each.path("attempt").asInt(), each::toString);
    }
  }

  private static void awaitSucceeded(Crew crew, int count) throws Exception {
    Await await = new Await(DONE);
    int succeeded = crew.count("default", "SUCCEEDED");
    while (succeeded < count) {
      int seen = succeeded;
      assertTrue(await.again(), () -> "Expected %d to succeed, but %d did".formatted(count, seen));
      succeeded = crew.count("default", "SUCCEEDED");
    }
  }
}
