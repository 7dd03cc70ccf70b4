package dev.kanal.scheduler.api.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.config.HttpConfig;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.RawHttp;
import dev.kanal.scheduler.engine.query.JobReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginCheckTest {
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
    assertTrue(HostNames.isLoopback(host));
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
    assertFalse(HostNames.isLoopback(host));
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
  void itsNamesAreServed_whenListeningElsewhere_butNoForeignWrite() throws IOException {
    try (ApiNode node = new ApiNode(config("0.0.0.0", true, "kanal.example"))) {
      assertEquals(202, submit(node, "Host: kanal.example"));
      assertEquals(202, submit(node, "Host: KANAL.example.:80"));
      assertEquals(202, submit(node, "Host: kanal.example\r\nOrigin: https://kanal.example"));
      assertEquals(403, submit(node, "Host: kanal.example\r\nOrigin: https://evil.example"));
    }
  }

  @Test
  void aNameThatWasMadeToPointHere_isRefused_whereverItListens() throws IOException {
    for (String listen : List.of("127.0.0.1", "0.0.0.0")) {
      try (ApiNode node = new ApiNode(config(listen, true, 0))) {
        for (String path : List.of("/", "/v1/jobs", "/metrics", "/readyz", "/nowhere")) {
          RawHttp.Reply refused =
              ask(node, "GET " + path, "Host: rebound.example:" + node.port, "");
          assertEquals(403, refused.status(), path);
          assertTrue(refused.body().contains("http.names"), refused.body());
        }
        String host = "Host: rebound.example:" + node.port;
        assertEquals(403, submit(node, host + "\r\nOrigin: http://rebound.example:" + node.port));
      }
    }
  }

  @Test
  void everyNameIsServed_ifThatIsSaid() throws IOException {
    try (ApiNode node = new ApiNode(config("0.0.0.0", true, "*"))) {
      assertEquals(202, submit(node, "Host: whatever.example"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, localhost, 10.1.2.3, true",
    "0.0.0.0, localhost, [2001:db8::1], true",
    "0.0.0.0, localhost, api.localhost, true",
    "0.0.0.0, localhost, 10.1.2.3.example, false",
    "0.0.0.0, localhost, 1.2.3, false",
    "0.0.0.0, localhost, node-1.cluster, true",
    "0.0.0.0, localhost, localhost.example, false",
    "127.0.0.1, localhost, 10.1.2.3, false",
    "127.0.0.1, *.kanal.example, a.kanal.example, true",
    "127.0.0.1, *.kanal.example, a.b.KANAL.example., true",
    "127.0.0.1, *.kanal.example, kanal.example, false",
    "127.0.0.1, *.kanal.example, .kanal.example, false",
    "127.0.0.1, *.kanal.example, evilkanal.example, false",
  })
  void namesOfThisServer(String listen, String names, String host, boolean served) {
    HttpConfig http =
        new HttpConfig(
            listen,
            0,
            "node-1.cluster:8080",
            true,
            List.of(names),
            1,
            20_000,
            0,
            Duration.ofHours(1));

    assertEquals(served, HostNames.of(http).serves(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3, 4",
        "Content-Length: +3",
        "Content-Length: 3x",
        "Content-Length: -3",
      })
  void whatIsNotPlainlyFramedIsRefused_andItsConnectionEnds(String framing) throws IOException {
    try (ApiNode node = new ApiNode();
        RawHttp http = new RawHttp(node.uri("/"))) {
      http.send(
          "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + framing
              + "\r\n\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertEquals(400, http.read().status());
      assertTrue(http.ends(), "the rest is not read as another request");
    }
  }

  @Test
  void everyAnswerIsGuarded() throws IOException {
    try (ApiNode node = new ApiNode(config("127.0.0.1", true, 0))) {
      for (String path :
          List.of("/v1/jobs", "/v1/queues", "/metrics", "/readyz", "/openapi.yaml", "/v1/x")) {
        RawHttp.Reply reply = ask(node, "GET " + path, "Host: localhost", "");
        assertEquals("nosniff", reply.header("X-Content-Type-Options"), path);
        assertEquals("no-store", reply.header("Cache-Control"), path);
      }
      RawHttp.Reply bulk =
          ask(
              node,
              "POST /v1/jobs/bulk",
              "Host: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 12",
              "{\"type\":\"a\"}");
      assertEquals("nosniff", bulk.header("X-Content-Type-Options"));
      assertEquals("no-store", bulk.header("Cache-Control"));
      RawHttp.Reply nonsense = ask(node, "GET / /", "Host: localhost", "");
      assertEquals(400, nonsense.status());
      assertEquals("nosniff", nonsense.header("X-Content-Type-Options"));
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
  void clientsAreLimited_andHearSo() {
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
    return config(host, authOff, requests, "localhost");
  }

  private static HttpConfig config(String host, boolean authOff, String name) {
    return config(host, authOff, 0, name);
  }

  private static HttpConfig config(String host, boolean authOff, int requests, String name) {
    return new HttpConfig(
        host, 0, "", authOff, List.of(name), 2, 20_000, requests, Duration.ofHours(1));
  }

  private static RawHttp.Reply ask(ApiNode node, String start, String headers, String body)
      throws IOException {
    try (RawHttp http = new RawHttp(node.uri("/"))) {
      http.send(start + " HTTP/1.1\r\n" + headers + "\r\n\r\n" + body);
      return http.read();
    }
  }

  private static int submit(ApiNode node, String headers) throws IOException {
    return ask(
            node,
            "POST /v1/jobs",
            headers + "\r\nContent-Type: application/json\r\nContent-Length: 12",
            "{\"type\":\"a\"}")
        .status();
  }
}
