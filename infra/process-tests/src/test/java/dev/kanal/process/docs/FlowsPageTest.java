package dev.kanal.process.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The flows of docs/FLOWS.md, submitted as they stand there: each gives what the page says. */
final class FlowsPageTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Path PAGE = Path.of("..", "..", "docs", "FLOWS.md");

  /** A flow, the calls about it if there are some, and its output. */
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "```json\\n(?<flow>\\{.*?)```\\n\\n(```sh\\n(?<calls>.*?)```\\n\\n)?gives `(?<output>[^`]+)`",
          Pattern.DOTALL);

  @TempDir private Path data;
  @RegisterExtension private final Programs programs = new Programs();

  private record Example(String flow, String calls, String output) {}

  @Test
  void shouldGiveWhatThePageSays() throws Exception {
    List<Example> examples = examples();
    assertTrue(examples.size() >= 10, "examples: " + examples.size());
    Program up =
        programs.kanal("up", Map.of("KANAL_DATA", data.toString(), "KANAL_HTTP_PORT", "0"), "up");
    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));

    JsonNode hello = Server.json(shell(server, firstCall()));
    assertEquals("first", hello.at("/output/before").asText(), hello::toString);
    for (Example example : examples) {
      run(server, example);
    }
  }

  private void run(Server server, Example example) throws Exception {
    JsonNode made = server.post("/v1/flows", example.flow).expecting(202).json();
    String flow = made.path("id").asText();
    if (!example.calls.isEmpty()) {
      shell(server, "set -e; FLOW=" + flow + "\n" + example.calls);
    }
    JsonNode ended = server.get("/v1/flows/" + flow + "?wait=30s").expecting(200).json();
    assertEquals("SUCCEEDED", ended.path("state").asText(), ended::toString);
    assertEquals(Server.json(example.output), ended.path("output"), ended::toString);
  }

  private String shell(Server server, String calls) throws Exception {
    String address = server.url().substring("http://".length());
    Program shell =
        programs.shell(
            calls.replace("localhost:8080", address).replace("curl ", "curl --fail-with-body "));
    assertEquals(0, shell.awaitExit(ANSWER), () -> calls + shell.printed());
    return String.join("", shell.out().lines());
  }

  private static String firstCall() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("curl "))
        .findFirst()
        .orElseThrow();
  }

  private static List<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    Matcher matcher = EXAMPLE.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      String calls = matcher.group("calls");
      examples.add(
          new Example(matcher.group("flow"), calls == null ? "" : calls, matcher.group("output")));
    }
    return examples;
  }
}
