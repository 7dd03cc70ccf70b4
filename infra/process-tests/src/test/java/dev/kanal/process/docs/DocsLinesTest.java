package dev.kanal.process.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The calls that stand in docs, typed as they stand there. */
final class DocsLinesTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Path DOCS = Path.of("..", "..", "docs");

  /** Its lines need the project that it shows: {@link WorkerPageTest}. */
  private static final String PAGE_WITH_A_PROJECT = "WORKER.md";

  private static final String MAIL = "/v1/queues/mail";

  @TempDir private Path data;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldTakeEveryCallOfTheDocs_andChangeNoMoreThanItSays() throws Exception {
    List<String> calls = calls();
    assertFalse(calls.isEmpty());
    Program up =
        programs.kanal("up", Map.of("KANAL_DATA", data.toString(), "KANAL_HTTP_PORT", "0"), "up");
    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));
    String address = server.url().substring("http://".length());
    String settings = "{\"concurrency\":5,\"rate\":{\"permits\":100,\"per\":\"1s\"}}";
    succeeds(
        "curl -sX PUT %s%s -H 'Content-Type: application/json' -d '%s'"
            .formatted(address, MAIL, settings));
    succeeds("curl -sX POST " + address + MAIL + "/pause");

    for (String call : calls) {
      succeeds(call.replaceAll("(localhost|127\\.0\\.0\\.1):8080", address));
    }

    JsonNode mail = Server.json(succeeds("curl -s " + address + MAIL));
    assertTrue(mail.path("paused").asBoolean(), mail::toString);
    assertEquals(5, mail.path("concurrency").asInt(), mail::toString);
    assertEquals(100, mail.at("/rate/permits").asInt(), mail::toString);
    assertEquals(20, mail.at("/scaling/maxWorkers").asInt(), mail::toString);
  }

  private String succeeds(String line) throws Exception {
    Program shell = programs.shell(line.replaceFirst("curl ", "curl --fail-with-body "));
    assertEquals(0, shell.awaitExit(ANSWER), () -> line + "\n" + shell.printed());
    return String.join("", shell.out().lines());
  }

  /** Lines that can be typed as they stand: without anything to fill in. */
  private static List<String> calls() throws IOException {
    List<String> calls = new ArrayList<>();
    try (Stream<Path> pages = Files.list(DOCS)) {
      for (Path page : pages.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
        if (!page.endsWith(PAGE_WITH_A_PROJECT)) {
          calls.addAll(calls(page));
        }
      }
    }
    return calls.stream().filter(call -> !call.matches("(?s).*[<…$].*")).toList();
  }

  private static List<String> calls(Path page) {
    List<String> calls = new ArrayList<>();
    StringBuilder call = new StringBuilder();
    try (Stream<String> lines = Files.lines(page)) {
      for (String line : lines.toList()) {
        if (line.startsWith("curl ") || !call.isEmpty()) {
          call.append(line).append('\n');
          if (!line.endsWith("\\")) {
            calls.add(call.toString().strip());
            call.setLength(0);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return calls;
  }
}
