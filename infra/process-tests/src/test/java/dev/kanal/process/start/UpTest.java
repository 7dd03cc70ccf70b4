package dev.kanal.process.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Console;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kanal up}, from its first line to its last. */
final class UpTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldRunTheFirstJobOfItsGreeting_andStopInTime_whileAJobRuns() throws Exception {
    Path data = directory.resolve("data");
    Program up =
        programs.kanal("up", Map.of("KANAL_DATA", data.toString(), "KANAL_HTTP_PORT", "0"), "up");

    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));
    up.awaitLine(data.toAbsolutePath().toString(), ANSWER);
    String first = up.awaitLine("curl -s " + server.url() + "/v1/jobs", ANSWER);
    Program curl = programs.shell(first);

    assertEquals(0, curl.awaitExit(ANSWER), curl::printed);
    JsonNode job = Server.json(curl.out().text());
    assertEquals("SUCCEEDED", job.path("state").asText(), job::toString);
    assertEquals(Server.json("{\"sum\":6,\"count\":3}"), job.path("result"));
    String running =
        server
            .submit("{\"type\":\"sleep\",\"payload\":{\"duration\":\"60s\"}}")
            .expecting(202)
            .json()
            .path("id")
            .asText();
    assertEquals("RUNNING", server.awaitState(running, "RUNNING", ANSWER));

    up.terminate();

    assertEquals(0, up.awaitExit(STOP), up::printed);
    assertTrue(up.out().text().endsWith("Stopping\nStopped"), up::printed);
    assertFalse(Console.hasStackTrace(up), up::printed);
  }

  @Test
  void shouldStopQuietly_whenASignalComesDuringTheStart() throws Exception {
    Program up =
        programs.kanal(
            "up",
            Map.of("KANAL_DATA", directory.resolve("data").toString(), "KANAL_HTTP_PORT", "0"),
            "up");
    up.awaitErrorLine("KANAL_DATA", START);

    up.terminate();

    assertEquals(0, up.awaitExit(STOP), up::printed);
    assertFalse(Console.hasStackTrace(up), up::printed);
  }
}
