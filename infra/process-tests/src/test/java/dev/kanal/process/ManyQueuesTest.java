package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One client that sends jobs to hundreds of queues that do not exist. */
final class ManyQueuesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Until each queue has its lanes, on a machine with other work. */
  private static final Duration LANES = Duration.ofMinutes(4);

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldRefuseWhatIsTooMuch_andStayReady_forTheOthers() throws Exception {
    Program up =
        programs.kanal(
            "up",
            Map.of(
                "KANAL_DATA",
                directory.resolve("data").toString(),
                "KANAL_HTTP_PORT",
                "0",
                "KANAL_QUEUES_MAX",
                "25"),
            "up");
    Server server = Server.in(up.awaitLine("Kanal is ready: ", PATIENCE));
    assertTrue(server.submitSumAndWait().expecting(200).isSumOfThree());
    List<String> taken = new ArrayList<>();
    List<Server.Answer> refused = new ArrayList<>();

    for (int i = 0; i < 200; i++) {
      Server.Answer answer = submit(server, "q-" + i);
      if (answer.status() == 202) {
        taken.add(answer.json().path("id").asText());
      } else {
        refused.add(answer);
      }
      if (i % 20 == 0) {
        server.get("/readyz").expecting(200);
        assertTrue(server.submitSumAndWait().expecting(200).isSumOfThree(), "others are served");
      }
    }

    for (Server.Answer answer : refused) {
      answer.expecting(422);
      assertEquals("urn:kanal:problem:too-many-queues", answer.json().path("type").asText());
      assertTrue(answer.body().contains("queues.max"), answer::body);
    }
    // The default queue is one of the 25.
    assertEquals(24, taken.size());
    for (String job : taken) {
      assertEquals("SUCCEEDED", server.awaitState(job, "SUCCEEDED", LANES));
    }
    server.get("/readyz").expecting(200);
  }

  /**
   * Again if Kafka did not make the topic in time, as it may not on a machine with other work: the
   * answer says that nothing was accepted.
   */
  private static Server.Answer submit(Server server, String queue) throws Exception {
    String job = "{\"type\":\"echo\",\"queue\":\"%s\"}".formatted(queue);
    Await await = new Await(PATIENCE);
    Server.Answer answer = server.submit(job);
    while (answer.status() == 503
        && answer.json().path("type").asText().equals("urn:kanal:problem:kafka-unavailable")
        && await.again()) {
      answer = server.submit(job);
    }
    return answer;
  }
}
