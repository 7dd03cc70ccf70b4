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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that takes down each worker that runs it, among many that harm nobody. */
@EmbeddedCluster
final class WorkerCrashTest {
  private static final Logger log = LoggerFactory.getLogger(WorkerCrashTest.class);
  private static final Duration GIVEN_UP = Duration.ofMinutes(5);
  private static final Duration DONE = Duration.ofMinutes(2);
  private static final Duration EXIT = Duration.ofSeconds(10);
  private static final String OTHER = "{\"type\":\"sleep\",\"payload\":{\"duration\":\"20ms\"}}";
  private static final int WORKERS = 2;
  private static final int BATCHES = 4;
  private static final int BATCH = 2_500;

  /** The first crash proves nothing: any other job that ran there may have caused it. */
  private static final int LOSSES = 1 + 3;

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();
  private final List<Program> workers = new ArrayList<>();
  private int batches;
  private int crashes;

  @Test
  void shouldGiveUpTheJobThatKillsWorkers_andChargeNoOther(TestKafka kafka) throws Exception {
    Crew crew =
        Crew.start(
            programs, directory, kafka.bootstrapServers(), EmbeddedKafka.uniquePrefix() + "c");
    String handlers = "--worker.handlers=" + HandlerJar.folder(directory, CrashHandler.class);
    for (int i = 0; i < WORKERS; i++) {
      workers.add(crew.worker("worker-" + i, handlers));
    }
    submitOthers(crew);
    String id =
        crew.scheduler().submit("{\"type\":\"crash\"}").expecting(202).json().path("id").asText();

    Await await = new Await(GIVEN_UP);
    JsonNode crashing = job(crew, id);
    while (!crashing.path("state").asText().equals("DEAD")) {
      startAgain(crew, handlers);
      assertTrue(await.again(), "the job is still tried");
      crashing = job(crew, id);
    }
    awaitOthers(crew);

    assertEquals("worker-lost", crashing.path("reason").asText(), crashing::toString);
    int losses = 0;
    for (JsonNode each : crashing.path("attempts")) {
      losses += each.path("outcome").asText().equals("lost") ? 1 : 0;
    }
    assertEquals(LOSSES, losses, crashing::toString);
    // A worker may crash before it has reported that it runs the job.
    assertTrue(crashes == LOSSES || crashes == LOSSES + 1, () -> crashes + " crashes");
    List<JsonNode> others = crew.jobs("type=sleep");
    assertEquals(BATCHES * BATCH, others.size());
    long again = others.stream().filter(each -> each.path("attempts").size() > 1).count();
    log.info("{} of {} others were begun again", again, others.size());
    for (JsonNode each : others) {
      assertEquals("SUCCEEDED", each.path("state").asText(), each::toString);
      assertEquals(1, each.path("attempt").asInt(), each::toString);
    }
  }

  private void startAgain(Crew crew, String handlers) throws IOException, InterruptedException {
    for (int i = 0; i < WORKERS; i++) {
      if (!workers.get(i).isAlive()) {
        int status = workers.get(i).awaitExit(EXIT);
        assertEquals(CrashHandler.STATUS, status, workers.get(i)::printed);
        crashes++;
        log.info("Crash {}, of worker {}", crashes, i);
        workers.set(i, crew.worker("worker-" + i, handlers));
        submitOthers(crew);
      }
    }
  }

  private void submitOthers(Crew crew) throws IOException, InterruptedException {
    if (batches < BATCHES) {
      crew.submit(OTHER, BATCH);
      batches++;
    }
  }

  private void awaitOthers(Crew crew) throws IOException, InterruptedException {
    while (batches < BATCHES) {
      submitOthers(crew);
    }
    Await await = new Await(DONE);
    while (crew.count("default", "SUCCEEDED") < BATCHES * BATCH) {
      assertTrue(await.again(), () -> "some others are still to be done");
    }
  }

  private static JsonNode job(Crew crew, String id) throws IOException, InterruptedException {
    return crew.scheduler().get("/v1/jobs/" + id).expecting(200).json();
  }
}
