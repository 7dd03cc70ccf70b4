package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Services as others build them, called by {@code http} jobs of a real {@code ./kanal up}: ASGI on
 * uvicorn (package {@code python3-uvicorn}), and Node with WebSockets on the same port (npm package
 * {@code ws}, installed into a temporary folder). A test is skipped, and says so, where its program
 * is not installed or no registry answers.
 */
final class ForeignServicesTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration INSTALL = Duration.ofMinutes(2);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final String WS = "ws@8.18.0";
  private static final Path SERVICES = Path.of("src/test/resources/services");

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldCallAnAsgiService() throws Exception {
    assumeTrue(isInstalled("uvicorn"), "skipped: uvicorn (python3-uvicorn) is not installed");
    Program uvicorn =
        programs.shell(
            "exec uvicorn --app-dir %s --host 127.0.0.1 --port 0 app:app".formatted(SERVICES));

    assertCalled(uvicorn.awaitErrorLine("Uvicorn running on http://", ANSWER));
  }

  @Test
  void shouldCallANodeServiceThatServesWebSockets() throws Exception {
    assumeTrue(isInstalled("node") && isInstalled("npm"), "skipped: node and npm are not there");
    Files.copy(SERVICES.resolve("server.js"), directory.resolve("server.js"));
    Program npm =
        programs.shell(
            "cd %s && exec npm install --no-audit --no-fund --no-save %s".formatted(directory, WS));
    boolean installed = npm.awaitExit(INSTALL) == 0;
    assumeTrue(installed, () -> "skipped: npm cannot install " + WS + "\n" + npm.printed());
    Program node = programs.shell("cd %s && exec node server.js".formatted(directory));

    assertCalled(node.awaitLine("listening on ", ANSWER));
  }

  private void assertCalled(String line) throws Exception {
    String url = line.replaceAll(".*(http://127\\.0\\.0\\.1:\\d+).*", "$1");
    Server kanal = start();
    for (String method : new String[] {"POST", "PUT", "PATCH"}) {
      String job =
          "{\"type\":\"http\",\"payload\":{\"url\":\"%s/orders\",\"method\":\"%s\",\"body\":{\"n\":1}}}"
              .formatted(url, method);
      String id = kanal.submit(job).expecting(202).json().path("id").asText();
      JsonNode done = kanal.await(id, ANSWER).expecting(200).json();
      assertEquals("SUCCEEDED", done.path("state").asText(), done::toString);
      assertEquals(1, done.path("attempts").size(), done::toString);
      assertEquals(
          Server.json(
              "{\"version\":\"1.1\",\"method\":\"%s\",\"upgrade\":false,\"body\":{\"n\":1}}"
                  .formatted(method)),
          done.at("/result/body"));
    }
  }

  private Server start() throws IOException, InterruptedException {
    Program up =
        programs.kanal(
            "up",
            Map.of("KANAL_DATA", directory.resolve("data").toString(), "KANAL_HTTP_PORT", "0"),
            "up");
    return Server.in(up.awaitLine("Kanal is ready: ", START));
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
