package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Crew;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are asked to drain: through a scheduler, and at their own port. */
@EmbeddedCluster
final class WorkerDrainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Longer than the time between two reports of a worker. */
  private static final String JOB = "{\"type\":\"sleep\",\"payload\":{\"duration\":\"12s\"}}";

  private static final int JOBS = 60;

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldFinishWhatTheyRun_andExitWithStatusZero(TestKafka kafka) throws Exception {
    Crew crew =
        Crew.start(
            programs, directory, kafka.bootstrapServers(), EmbeddedKafka.uniquePrefix() + "d");
    Server scheduler = crew.scheduler();
    Program first = crew.worker("first", "--worker.id=first");
    Program second = crew.worker("second", "--worker.id=second");
    Server secondServer = httpServer(second);
    assertNotEquals(
        httpServer(first).port(), secondServer.port(), "only one can have the default port");
    awaitWorkers(crew, items -> items.size() == 2);
    crew.submit(JOB, JOBS);
    awaitWorkers(crew, items -> busy(items) > 0);

    assertEquals(202, scheduler.post("/v1/workers/first/drain").status());
    awaitWorkers(crew, items -> items.stream().anyMatch(each -> each.path("draining").asBoolean()));
    assertEquals(0, first.awaitExit(PATIENCE), first::printed);
    assertTrue(first.out().text().contains("Stopping: drained"), first::printed);
    awaitWorkers(crew, items -> items.size() == 1);
    assertEquals(404, scheduler.post("/v1/workers/first/drain").status());

    assertEquals(200, secondServer.get("/readyz").status());
    assertEquals(202, secondServer.post("/drain").status());
    assertEquals(0, second.awaitExit(PATIENCE), second::printed);
    awaitWorkers(crew, List::isEmpty);

    int done = 0;
    for (JsonNode job : crew.jobs("type=sleep")) {
      boolean ended = job.path("state").asText().equals("SUCCEEDED");
      done += ended ? 1 : 0;
      assertEquals(ended ? 1 : 0, job.path("attempts").size(), job::toString);
    }
    assertTrue(done > 0, "none was done");
  }

  private static Server httpServer(Program worker) throws InterruptedException {
    String line = worker.awaitLine("It listens on ", PATIENCE);
    return new Server("http://" + line.substring(line.lastIndexOf(' ') + 1));
  }

  private static int busy(List<JsonNode> workers) {
    return workers.stream().mapToInt(each -> each.at("/slots/busy").asInt()).sum();
  }

  private static void awaitWorkers(Crew crew, Predicate<List<JsonNode>> wanted) throws Exception {
    Await await = new Await(PATIENCE);
    List<JsonNode> items = crew.workers();
    while (!wanted.test(items)) {
      List<JsonNode> seen = items;
      assertTrue(await.again(), () -> "Expected other workers than " + seen);
      items = crew.workers();
    }
  }
}
