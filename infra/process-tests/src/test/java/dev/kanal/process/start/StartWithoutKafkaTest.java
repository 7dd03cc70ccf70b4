package dev.kanal.process.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are started before Kafka wait for it, and say so. */
final class StartWithoutKafkaTest {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration NOTICE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldWaitForKafka_andSaySo_andServeOnceItIsThere() throws Exception {
    int kafkaPort = freePort();
    int api = freePort();
    int worker = freePort();
    Map<String, String> settings =
        Map.of(
            "KANAL_KAFKA_BOOTSTRAP",
            "127.0.0.1:" + kafkaPort,
            "KANAL_DATA",
            directory.resolve("data").toString());
    Program scheduler = programs.kanal("scheduler", settings, "scheduler", "--http.port=" + api);
    Program works = programs.kanal("worker", settings, "worker", "--worker.http.port=" + worker);
    scheduler.awaitErrorLine("Still waiting after", NOTICE);
    works.awaitErrorLine("Still waiting after", NOTICE);
    Server server = Server.in("http://127.0.0.1:" + api);
    assertEquals(200, server.get("/livez").status());
    Server.Answer ready = server.get("/readyz");
    assertEquals(503, ready.status());
    assertTrue(ready.json().path("detail").asText().contains("127.0.0.1:" + kafkaPort));
    assertEquals(503, server.get("/v1/queues").status());
    assertEquals(200, Server.in("http://127.0.0.1:" + worker).get("/livez").status());

    try (EmbeddedKafka kafka = EmbeddedKafka.persistent(directory.resolve("kafka"), kafkaPort)) {
      assertEquals(1, kafka.nodes());
      scheduler.awaitLine("The scheduler is ready: ", START);
      works.awaitLine("The worker takes tasks from", START);
      assertEquals(200, server.get("/readyz").status());
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
