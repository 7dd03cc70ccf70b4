package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Nodes;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two schedulers and two workers of the previous release are replaced one by one while jobs of all
 * kinds are on their way. Needs that release: {@code -Dkanal.previous=}, the directory {@code
 * infra/standalone/target} of a clone in which it was built.
 */
@EmbeddedCluster
final class RollingUpgradeTest {
  private static final Logger log = LoggerFactory.getLogger(RollingUpgradeTest.class);
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration DONE = Duration.ofMinutes(3);
  private static final String PREVIOUS = System.getProperty("kanal.previous", "");
  private static final int BATCH = 300;

  /** Kinds: one after another, by key; later; failing again and again; leased; and plain. */
  private static final List<String> KINDS =
      List.of(
          "{\"type\":\"echo\",\"payload\":1}",
          "{\"type\":\"sum\",\"payload\":{\"data\":[1,2,3]},\"key\":\"one\"}",
          "{\"type\":\"echo\",\"queue\":\"other\",\"priority\":\"high\",\"delay\":\"20s\"}",
          "{\"type\":\"sleep\",\"payload\":{\"duration\":\"2s\"},\"queue\":\"other\"}",
          "{\"type\":\"sum\",\"payload\":\"none\",\"retry\":{\"maxAttempts\":3}}");

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();
  private Map<String, String> shared = Map.of();
  private final Map<String, Integer> submitted = new TreeMap<>();

  @Test
  void shouldLoseNothing_whenNodesOfThePreviousReleaseAreReplaced(TestKafka kafka)
      throws Exception {
    assumeTrue(!PREVIOUS.isEmpty(), "no previous release is given by -Dkanal.previous");
    Path previous = Path.of(PREVIOUS);
    assertTrue(Files.isDirectory(previous.resolve("lib")), "Expected jars in " + previous);
    shared =
        Map.of(
            "KANAL_KAFKA_BOOTSTRAP",
            kafka.bootstrapServers(),
            "KANAL_TOPICS_PREFIX",
            EmbeddedKafka.uniquePrefix() + "u");
    Program oldOne = scheduler(previous, 1);
    Program oldTwo = scheduler(previous, 2);
    Server one = ready(oldOne);
    Server two = ready(oldTwo);
    List<Program> workers = new ArrayList<>();
    workers.add(worker(previous, "old-1"));
    workers.add(worker(previous, "old-2"));
    submit(one);
    submit(two);
    schedule(one);

    // The same directory: the new build continues with what the release has written.
    Server newOne = replace(oldOne, 1, two);
    submit(newOne);
    submit(two);
    workers.add(worker(null, "new-1"));
    stop(workers.removeFirst());
    submit(two);
    Server newTwo = replace(oldTwo, 2, newOne);
    submit(newTwo);
    workers.add(worker(null, "new-2"));
    stop(workers.removeFirst());
    submit(newOne);

    awaitAllDone(newTwo);
    log.info("Rolled from {}: {} jobs, none lost", previous, submitted);
  }

  private void submit(Server server) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      String kind = KINDS.get(i % KINDS.size());
      lines.add(kind);
      submitted.merge(kind.contains("none") ? "DEAD" : "SUCCEEDED", 1, Integer::sum);
    }
    try (Stream<String> answers = server.bulk(lines)) {
      List<String> refused = answers.filter(answer -> !Server.json(answer).has("id")).toList();
      assertEquals(List.of(), refused);
    }
  }

  /** Its jobs go to a queue of their own, and are not counted with the others. */
  private static void schedule(Server server) throws Exception {
    server
        .put(
            "/v1/schedules/often",
            "{\"every\":\"1s\",\"job\":{\"type\":\"echo\",\"queue\":\"scheduled\"}}")
        .expecting(201);
  }

  private Server replace(Program old, int number, Server other) throws Exception {
    stop(old);
    Server fresh = ready(scheduler(null, number));
    Await await = new Await(START);
    while (Nodes.shards(fresh) + Nodes.shards(other) != Nodes.SHARDS) {
      assertTrue(await.again(), "Expected all shards to be up to date on both");
    }
    return fresh;
  }

  private static void stop(Program program) throws Exception {
    program.terminate();
    assertEquals(0, program.awaitExit(START), program::printed);
  }

  private void awaitAllDone(Server server) throws Exception {
    Await await = new Await(DONE);
    Map<String, Integer> seen = states(server);
    while (!seen.equals(submitted)) {
      Map<String, Integer> now = seen;
      assertTrue(await.again(), () -> "Expected %s, but got %s".formatted(submitted, now));
      seen = states(server);
    }
    JsonNode runs = server.get("/v1/schedules/often").expecting(200).json();
    int ticks = server.get("/v1/jobs?queue=scheduled&limit=200").json().path("items").size();
    assertTrue(ticks > 10, () -> "Expected a tick a second, but " + ticks + ": " + runs);
  }

  private static Map<String, Integer> states(Server server) throws Exception {
    Map<String, Integer> all = new TreeMap<>();
    for (JsonNode queue : server.get("/v1/queues").expecting(200).json().path("items")) {
      if (!queue.path("name").asText().equals("scheduled")) {
        queue
            .path("states")
            .properties()
            .forEach(state -> all.merge(state.getKey(), state.getValue().asInt(), Integer::sum));
      }
    }
    all.values().removeIf(count -> count == 0);
    return all;
  }

  private Program scheduler(@Nullable Path release, int number) throws Exception {
    String name = "scheduler-" + number;
    String data = "--data=" + directory.resolve(name);
    return program(release, name, "scheduler", "--http.port=0", data);
  }

  private Program worker(@Nullable Path release, String name) throws Exception {
    Program worker = program(release, name, "worker", "--worker.id=" + name);
    worker.awaitLine("The worker takes tasks", START);
    return worker;
  }

  private Program program(@Nullable Path release, String name, String... arguments)
      throws Exception {
    return release == null
        ? programs.kanal(name, shared, arguments)
        : programs.kanalOf(release, name, shared, arguments);
  }

  private static Server ready(Program scheduler) throws Exception {
    return Server.in(scheduler.awaitLine("The scheduler is ready: ", START));
  }
}
