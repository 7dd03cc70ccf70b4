package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.process.kit.Broker;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scheduler and a worker with today's clients, on brokers that are older. */
final class BrokerVersionsTest {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration DONE = Duration.ofMinutes(2);

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @ParameterizedTest
  @CsvSource({"4.2.1, false", "4.3.1, true"})
  void shouldMakeAQueueAndRunItsJobs(String version, boolean limitsDeliveries) throws Exception {
    Broker broker = Broker.start(programs, directory.resolve("kafka"), version);
    Program up =
        programs.kanal(
            "up",
            Map.of(
                "KANAL_KAFKA_BOOTSTRAP",
                broker.bootstrap(),
                "KANAL_DATA",
                directory.resolve("data").toString(),
                "KANAL_HTTP_PORT",
                "0"),
            "up");
    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));

    server.put("/v1/queues/mail", "{\"partitions\":2}").expecting(200);
    List<String> jobs = submit(server);
    for (String job : jobs) {
      assertEquals("SUCCEEDED", server.awaitState(job, "SUCCEEDED", DONE), up::printed);
    }
    assertTrue(server.submitSumAndWait().expecting(200).isSumOfThree());

    String refusal = "Queues do without {share.delivery.count.limit=10}";
    assertEquals(limitsDeliveries ? 0 : 1, count(up, refusal), up::printed);
  }

  /** All at once: plain ones, later ones, some one after the other, and some that are leased. */
  private static List<String> submit(Server server) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      lines.add("{\"type\":\"echo\",\"queue\":\"mail\",\"payload\":1}");
      lines.add("{\"type\":\"echo\",\"queue\":\"mail\",\"payload\":1,\"delay\":\"1s\"}");
      lines.add("{\"type\":\"echo\",\"queue\":\"mail\",\"payload\":1,\"key\":\"one\"}");
      lines.add("{\"type\":\"sleep\",\"queue\":\"mail\",\"payload\":{\"duration\":\"500ms\"}}");
    }
    try (Stream<String> answers = server.bulk(lines)) {
      return answers.map(answer -> Server.json(answer).path("id").asText()).toList();
    }
  }

  private static int count(Program program, String text) {
    return program.printed().split(Pattern.quote(text), -1).length - 1;
  }
}
