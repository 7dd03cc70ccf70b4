package dev.kanal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HealthApplicationTest {
  @Test
  void shouldBeHealthy_whenTheApiIsReady() throws Exception {
    int api = serve(200);

    assertEquals(Optional.empty(), HealthApplication.trouble(ports(api, freePort())));
  }

  @Test
  void shouldAskTheWorkersPort_whenThereIsNoApi() throws Exception {
    int worker = serve(200);

    assertEquals(Optional.empty(), HealthApplication.trouble(ports(freePort(), worker)));
  }

  @Test
  void shouldSayWhatTheApiAnswers_whenItIsNotReady() throws Exception {
    int api = serve(503);

    String trouble = HealthApplication.trouble(ports(api, serve(200))).orElseThrow();

    assertTrue(trouble.startsWith("/readyz at port " + api + " answers 'HTTP/1.1 503"), trouble);
  }

  @Test
  void shouldSayThatNobodyListens() throws Exception {
    int api = freePort();
    int worker = freePort();

    assertEquals(
        Optional.of("nobody listens at port " + api + " or " + worker),
        HealthApplication.trouble(ports(api, worker)));
  }

  private static int serve(int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext(
        "/readyz",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    Thread.ofPlatform().daemon().start(server::start);
    return server.getAddress().getPort();
  }

  private static Map<String, String> ports(int api, int worker) {
    return Map.of("KANAL_HTTP_PORT", "" + api, "KANAL_WORKER_HTTP_PORT", "" + worker);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
