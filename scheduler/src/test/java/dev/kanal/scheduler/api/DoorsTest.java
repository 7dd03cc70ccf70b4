package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.config.HttpConfig;
import dev.kanal.scheduler.engine.JobReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DoorsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "kanal.localhost",
        "127.0.0.1",
        "127.8.9.10",
        "::1",
        "[::1]",
        "0:0:0:0:0:0:0:1",
        "[0:0:0:0:0:0:0:1]"
      })
  void loopback(String host) {
    assertTrue(Doors.isLoopback(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost.evil.example",
        "evillocalhost",
        "128.0.0.1",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "::2",
        "[::2]",
        "[::1].evil.example"
      })
  void notLoopback(String host) {
    assertFalse(Doors.isLoopback(host));
  }

  @Test
  void theOwnOriginMayWrite() throws IOException {
    try (ApiNode node = new ApiNode()) {
      for (String headers :
          new String[] {
            "Host: localhost:" + node.port + "\r\nOrigin: http://LOCALHOST:" + node.port,
            "Host: [::1]:" + node.port + "\r\nOrigin: http://[::1]:" + node.port,
            "Host: localhost\r\nOrigin: http://localhost",
            "Host: localhost\r\nOrigin: https://localhost",
            "Host: localhost\r\nSec-Fetch-Site: same-origin",
          }) {
        assertEquals(202, submit(node, headers), headers);
      }
    }
  }

  @Test
  void anyHostIsServed_whenListeningElsewhere_butNoForeignWrite() throws IOException {
    try (ApiNode node = new ApiNode(config("0.0.0.0", true, 0))) {
      assertEquals(202, submit(node, "Host: kanal.example"));
      assertEquals(202, submit(node, "Host: kanal.example\r\nOrigin: https://kanal.example"));
      assertEquals(403, submit(node, "Host: kanal.example\r\nOrigin: https://evil.example"));
    }
  }

  @Test
  void listeningElsewhereTakesAuthOff() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> new ApiNode(config("0.0.0.0", false, 0)));

    assertTrue(
        String.valueOf(refused.getCause()).contains("Expected auth=off"),
        () -> String.valueOf(refused.getCause()));
  }

  @Test
  void aTakenPortIsAFailedStart() {
    try (ApiNode node = new ApiNode()) {
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class,
              () -> new ApiNode(ApiNode.httpConfig().withPort(node.port)));

      assertTrue(String.valueOf(refused.getCause()).contains("BindException"));
    }
  }

  @Test
  void clientsAreLimited_andToldSo() {
    try (ApiNode node = new ApiNode(config("127.0.0.1", false, 3))) {
      for (int i = 2; i >= 0; i--) {
        HttpResponse<byte[]> passed = node.get("/v1/queues");
        assertEquals(200, passed.statusCode());
        assertTrue(
            ApiNode.header(passed, "RateLimit").startsWith("\"default\";r=" + i + ";t="),
            ApiNode.header(passed, "RateLimit"));
        assertEquals("\"default\";q=3;w=3600", ApiNode.header(passed, "RateLimit-Policy"));
      }

      HttpResponse<byte[]> refused = node.submit("{\"type\":\"a\"}");

      assertEquals(429, refused.statusCode());
      assertEquals("urn:kanal:problem:rate-limited", ApiNode.json(refused).get("type").asText());
      int retryAfter = Integer.parseInt(ApiNode.header(refused, "Retry-After"));
      assertTrue(retryAfter > 1_000 && retryAfter <= 1_200, "Retry-After: " + retryAfter);
      assertEquals(200, node.get("/livez").statusCode(), "health is not limited");
    }
  }

  @Test
  void readinessIsTheEngines() {
    try (ApiNode node = new ApiNode()) {
      HttpResponse<byte[]> ready = node.get("/readyz");
      node.shards.health = new JobReader.Health(false, "3 of 16 shards catch up");
      HttpResponse<byte[]> notReady = node.get("/readyz");

      assertEquals(200, ready.statusCode());
      assertEquals("127.0.0.1:9092", ApiNode.json(ready).at("/kafka/bootstrap").asText());
      assertEquals("kanal", ApiNode.json(ready).at("/kafka/prefix").asText());
      assertEquals(503, notReady.statusCode());
      assertEquals("not-ready", ApiNode.json(notReady).get("status").asText());
      assertEquals("3 of 16 shards catch up", ApiNode.json(notReady).get("detail").asText());
      assertEquals(200, node.get("/livez").statusCode());
    }
  }

  private static HttpConfig config(String host, boolean authOff, int requests) {
    return new HttpConfig(host, 0, "", authOff, 2, requests, Duration.ofHours(1));
  }

  private static int submit(ApiNode node, String headers) throws IOException {
    try (RawHttp http = new RawHttp(node.uri("/"))) {
      http.send(
          "POST /v1/jobs HTTP/1.1\r\n"
              + headers
              + "\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"type\":\"a\"}");
      return http.read().status();
    }
  }
}
