package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Console;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kanal up} on the data of one that was killed. */
final class CrashTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int JOBS = 2_000;
  private static final int ANSWERS_BEFORE_THE_KILL = JOBS / 2;

  @TempDir private Path data;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldFinishWhatItAccepted_whenItWasKilledInMidRun() throws Exception {
    Program killed = up("0");
    Server server = Server.in(killed.awaitLine("Kanal is ready: ", START));
    Map<String, Integer> accepted = submitAndKill(server, killed);
    assertTrue(accepted.size() >= ANSWERS_BEFORE_THE_KILL, () -> "accepted " + accepted.size());

    Program again = up(Integer.toString(server.port()));
    again.awaitLine("Kanal is ready: " + server.url(), START);

    for (var job : accepted.entrySet()) {
      JsonNode found = server.await(job.getKey(), ANSWER).expecting(200).json();
      assertEquals("SUCCEEDED", found.path("state").asText(), found::toString);
      assertEquals(job.getValue() + 1, found.path("result").path("sum").asInt());
    }
    assertFalse(Console.hasStackTrace(again), again::printed);
    assertEquals(kafka(killed), kafka(again), "Expected the broker to keep its port");
    Program check = programs.check("--jobs", "500", "--url", server.url());
    assertEquals(0, check.awaitExit(START), check::printed);
  }

  /** The accepted jobs, with the number that each adds to one. */
  private static Map<String, Integer> submitAndKill(Server server, Program program)
      throws Exception {
    Map<String, Integer> accepted = new HashMap<>();
    try (Stream<String> answers =
        server.bulk(IntStream.rangeClosed(1, JOBS).mapToObj(CrashTest::sum).toList())) {
      answers.forEach(
          line -> {
            JsonNode answer = Server.json(line);
            if (answer.has("id")) {
              accepted.put(answer.path("id").asText(), answer.path("line").asInt());
            }
            if (accepted.size() == ANSWERS_BEFORE_THE_KILL) {
              program.kill();
            }
          });
    } catch (UncheckedIOException _) {
      // The connection went down with the server.
    }
    program.awaitExit(ANSWER);
    return accepted;
  }

  private static String sum(int number) {
    return "{\"type\":\"sum\",\"payload\":{\"data\":[" + number + ",1]}}";
  }

  private static String kafka(Program up) throws InterruptedException {
    String line = up.awaitLine("Kafka is at ", ANSWER);
    return line.substring(line.indexOf("Kafka is at "));
  }

  private Program up(String port) throws Exception {
    return programs.kanal(
        "up", Map.of("KANAL_DATA", data.toString(), "KANAL_HTTP_PORT", port), "up");
  }
}
