package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.HandlerJar;
import dev.kanal.process.kit.OtlpReceiver;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a program logs, and where. */
final class LogsTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void aHandlersLinesHaveItsContext_asObjectsAndByOtlp() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      Map<String, String> settings = settings(receiver);
      settings.put("KANAL_LOG", "json");
      settings.put("OTEL_LOGS_EXPORTER", "otlp");
      settings.put("OTEL_BLRP_SCHEDULE_DELAY", "50");
      Program up = programs.kanal("up", settings, "up");
      JsonNode job = talk(Server.in(up.awaitLine("Kanal is ready: ", START)));

      JsonNode line = Server.json(up.awaitErrorLine("on it", ANSWER));
      assertEquals("WARN", line.path("level").asText());
      assertEquals("on it", line.path("formattedMessage").asText());
      JsonNode context = line.path("mdc");
      assertEquals(job.path("id").asText(), context.path("job").asText(), line::toString);
      assertEquals("1", context.path("attempt").asText());
      assertEquals("default", context.path("queue").asText());
      assertEquals(job.path("traceId").asText(), context.path("trace").asText());
      List<String> objects = up.err().text().lines().filter(each -> each.startsWith("{")).toList();
      objects.forEach(Server::json);
      assertTrue(objects.size() > 5, up::printed);

      Await await = new Await(ANSWER);
      while (receiver.logs().stream().noneMatch(each -> each.contains("on it"))) {
        assertTrue(await.again(), "Expected the line to come by OTLP");
      }
      String sent =
          receiver.logs().stream().filter(each -> each.contains("on it")).findFirst().orElseThrow();
      assertTrue(sent.contains(job.path("id").asText()), sent);
    }
  }

  @Test
  void linesForPeopleHaveItToo_andOtherLinesDoNot() throws Exception {
    Program up = programs.kanal("up", settings(null), "up");
    JsonNode job = talk(Server.in(up.awaitLine("Kanal is ready: ", START)));

    String line = up.awaitErrorLine("on it", ANSWER);
    assertTrue(
        line.endsWith(
            "on it [queue=default type=talk job=" + job.path("id").asText() + " attempt=1]"),
        line);
    assertTrue(up.err().text().lines().anyMatch(each -> each.endsWith("(docs/CONFIGURATION.md)")));
    assertTrue(up.err().text().lines().noneMatch(each -> each.contains("[queue= ")), up::printed);
  }

  @Test
  void aReceiverThatIsAwayIsLoggedAtMostOnceASecond_andChangesNothing() throws Exception {
    Map<String, String> settings = settings(null);
    settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    settings.put("OTEL_BSP_SCHEDULE_DELAY", "50");
    Program up = programs.kanal("up", settings, "up");
    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));
    for (int i = 0; i < 20; i++) {
      assertTrue(server.submitSumAndWait().isSumOfThree());
    }
    up.awaitErrorLine("Failed to export spans", ANSWER);
    long lines = up.err().text().lines().filter(each -> each.contains("Failed to export")).count();
    assertTrue(lines <= 20, up::printed);
  }

  private Map<String, String> settings(@Nullable OtlpReceiver receiver) throws Exception {
    Map<String, String> settings = new HashMap<>();
    if (receiver != null) {
      settings.putAll(receiver.settings());
    }
    settings.put("KANAL_DATA", directory.resolve("data").toString());
    settings.put("KANAL_HTTP_PORT", "0");
    settings.put(
        "KANAL_WORKER_HANDLERS", HandlerJar.folder(directory, TalkHandler.class).toString());
    return settings;
  }

  private static JsonNode talk(Server server) throws Exception {
    String id = server.submit("{\"type\":\"talk\"}").expecting(202).json().path("id").asText();
    JsonNode job = server.await(id, ANSWER).expecting(200).json();
    assertEquals("SUCCEEDED", job.path("state").asText(), job::toString);
    return job;
  }
}
