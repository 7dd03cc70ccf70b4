package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The service of {@code examples/http-service}, called by a real {@code ./kanal up}. */
final class HttpServiceTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final String KEY = "change-me";

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldBeCalledAtOnceAndLater_andRefuseWhoDoesNotSign() throws Exception {
    int port = freePort();
    Server kanal = start(port);
    Program service =
        programs.shell(
            "PORT=0 SIGNING_KEY=" + KEY + " exec python3 ../../examples/http-service/service.py");
    String url = Server.in(service.awaitLine("listening on ", ANSWER)).url();

    JsonNode atOnce = run(kanal, url, "\"sign\":{\"$secret\":\"SHOP\"}");
    assertEquals("SUCCEEDED", atOnce.path("state").asText(), atOnce::toString);
    assertEquals(Server.json("{\"total\":10}"), atOnce.at("/result/body"));

    JsonNode later = run(kanal, url, "\"async\":true,\"sign\":{\"$secret\":\"SHOP\"}");
    assertEquals("SUCCEEDED", later.path("state").asText(), later::toString);
    assertEquals(Server.json("{\"total\":10}"), later.path("result"));
    assertEquals(1, later.path("attempts").size(), later::toString);

    JsonNode unsigned = run(kanal, url, "\"async\":true");
    assertEquals("DEAD", unsigned.path("state").asText(), unsigned::toString);
    assertEquals("http-401", unsigned.at("/attempts/0/error/type").asText());
    assertTrue(!later.toString().contains(KEY), "a secret stands with the job");
  }

  private Server start(int port) throws Exception {
    Program up =
        programs.kanal(
            "up",
            Map.of(
                "KANAL_DATA",
                directory.resolve("data").toString(),
                "KANAL_HTTP_PORT",
                Integer.toString(port),
                "KANAL_SECRET_SHOP",
                KEY,
                "KANAL_WORKER_HTTP_HANDLER_COMPLETE_URL",
                "http://127.0.0.1:" + port),
            "up");
    return Server.in(up.awaitLine("Kanal is ready: ", START));
  }

  private static JsonNode run(Server kanal, String url, String more) throws Exception {
    String body = "\"body\":{\"items\":[{\"price\":5,\"count\":2}],\"seconds\":1}";
    String job =
        "{\"type\":\"http\",\"payload\":{\"url\":\"%s/invoices\",%s,%s}}"
            .formatted(url, body, more);
    String id = kanal.submit(job).expecting(202).json().path("id").asText();
    return kanal.await(id, ANSWER).expecting(200).json();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
