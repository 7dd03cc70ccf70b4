package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scheduler whose wall clock is set back while it runs (libfaketime, Debian's package of that
 * name), beside a broker and a worker on the right time. Skipped, and says so, without it.
 */
@EmbeddedCluster
final class ClockSetBackTest {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration BACK = Duration.ofSeconds(20);

  /**
   * Until Kafka's own clients notice, for which their heartbeats must be due again, with time to
   * spare.
   */
  private static final Duration UNNOTICED = BACK.minusSeconds(2);

  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final Duration LATE_MOST = Duration.ofSeconds(10);
  private static final Duration LONGEST = DELAY.plus(LATE_MOST);
  private static final String LATER = "{\"type\":\"echo\",\"payload\":1,\"delay\":\"1s\"}";
  private static final Path LIBRARIES = Path.of("/usr/lib");

  private final Ticker ticker = Clocks.system().ticker();
  private final InstantSource wall = Clocks.system().wall();

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldAnswer_andFireTimers_whileTheClockCatchesUp(TestKafka kafka) throws Exception {
    Optional<Path> library = library();
    assumeTrue(library.isPresent(), "skipped: libfaketime is not installed");
    Path offset = directory.resolve("offset");
    Files.writeString(offset, "+0\n");
    Server server = start(kafka, library.get(), offset);
    Duration _ = run(server); // The first one waits for the worker, too.

    Files.writeString(offset, "-" + BACK.toSeconds() + "\n");
    awaitSetBack(server);
    long setBack = ticker.nanos();
    do {
      for (String path : List.of("/readyz", "/v1/stats", "/v1/queues", "/v1/jobs")) {
        assertEquals(200, server.get(path).status(), path + " after " + since(setBack));
      }
      assertRunsInTime(server);
    } while (since(setBack).plus(LONGEST).compareTo(UNNOTICED) < 0);

    // Kafka's consumer then joins its group again, and shards move: how long that takes is up to
    // Kafka.
    while (since(setBack).compareTo(BACK.multipliedBy(2)) < 0) {
      server.get("/readyz").expecting(200);
      awaitSucceeded(server, submitDuringMove(server));
    }
  }

  /** A job that waits for its time runs then. */
  private void assertRunsInTime(Server server) throws IOException, InterruptedException {
    Duration took = run(server);
    assertTrue(took.compareTo(DELAY) >= 0, "early: " + took);
    assertTrue(took.compareTo(LONGEST) <= 0, "late: " + took);
  }

  /** How long a job with a delay takes. */
  private Duration run(Server server) throws IOException, InterruptedException {
    long submitted = ticker.nanos();
    awaitSucceeded(server, server.submit(LATER));
    return since(submitted);
  }

  private static void awaitSucceeded(Server server, Server.Answer submitted)
      throws IOException, InterruptedException {
    String id = submitted.expecting(202).json().path("id").asText();
    assertEquals("SUCCEEDED", server.awaitState(id, "SUCCEEDED", START));
  }

  /** Submits until it is accepted: while a shard moves, the answer may be to try again. */
  private static Server.Answer submitDuringMove(Server server)
      throws IOException, InterruptedException {
    Await await = new Await(START);
    Server.Answer answer;
    do {
      answer = server.submit(LATER);
    } while (answer.status() == 503 && await.again());
    return answer;
  }

  /** The library reads its file once a second; a deadline is checked by the scheduler's clock. */
  private void awaitSetBack(Server server) throws IOException, InterruptedException {
    Await await = new Await(Duration.ofSeconds(10));
    int status;
    do {
      Instant passed = wall.instant().minus(BACK.dividedBy(2));
      status = server.submit("{\"type\":\"echo\",\"deadline\":\"" + passed + "\"}").status();
    } while (status == 422 && await.again());
    assertEquals(202, status, "the clock is set back");
  }

  private Server start(TestKafka kafka, Path library, Path offset)
      throws IOException, InterruptedException {
    Map<String, String> settings =
        Map.of(
            "KANAL_KAFKA_BOOTSTRAP",
            kafka.bootstrapServers(),
            "KANAL_TOPICS_PREFIX",
            EmbeddedKafka.uniquePrefix() + "b");
    programs.kanal("worker", settings, "worker");
    Map<String, String> faked = new HashMap<>(settings);
    faked.put("LD_PRELOAD", library.toString());
    faked.put("FAKETIME_TIMESTAMP_FILE", offset.toString());
    faked.put("FAKETIME_CACHE_DURATION", "1");
    faked.put("DONT_FAKE_MONOTONIC", "1");
    // Without it every timed wait of the JVM returns at once.
    faked.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    Program scheduler =
        programs.kanal(
            "scheduler",
            faked,
            "scheduler",
            "--http.port=0",
            "--data=" + directory.resolve("scheduler"));
    return Server.in(scheduler.awaitLine("The scheduler is ready: ", START));
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(ticker.nanos() - nanos);
  }

  private static Optional<Path> library() throws IOException {
    if (!Files.isDirectory(LIBRARIES)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(LIBRARIES)) {
      return folders
          .map(folder -> folder.resolve("faketime").resolve("libfaketimeMT.so.1"))
          .filter(Files::isReadable)
          .findFirst();
    }
  }
}
