package dev.kanal.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers for a program that waits for Kafka, at the port where it will listen: {@code /livez} is
 * well, {@code /readyz} and all else say why not yet. Usable from any thread.
 */
final class WaitingRoom implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<String> why;

  private WaitingRoom(HttpServer server, Supplier<String> why) {
    this.server = server;
    this.why = why;
  }

  /** Listens until it is closed. */
  static WaitingRoom open(String host, int port, Supplier<String> why) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
    WaitingRoom room = new WaitingRoom(server, why);
    server.setExecutor(room.threads);
    server.createContext("/", room::answer);
    server.start();
    return room;
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/livez" -> send(exchange, 200, "application/json", "{\"status\":\"live\"}");
        case "/readyz" ->
            send(
                exchange,
                503,
                "application/json",
                "{\"status\":\"not-ready\",\"detail\":\"%s\"}".formatted(escaped(why.get())));
        default ->
            send(
                exchange,
                503,
                "application/problem+json",
                """
                {"type":"urn:kanal:problem:kafka-unavailable","title":"Kafka is not available",\
                "status":503,"detail":"%s"}\
                """
                    .formatted(escaped(why.get())));
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String mediaType, String json)
      throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", mediaType);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (status != 200) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String escaped(String text) {
    return text.replaceAll("[\\p{Cntrl}\"\\\\]", " ");
  }
}
