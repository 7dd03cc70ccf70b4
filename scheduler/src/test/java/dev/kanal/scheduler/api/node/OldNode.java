package dev.kanal.scheduler.api.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.scheduler.api.ApiNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What others see of a node of the release before: it has nothing for nodes only, and tells their
 * questions by a header. It has a node of this release answer the rest.
 */
public final class OldNode implements AutoCloseable {
  private static final List<String> REQUEST =
      List.of("Kanal-Forwarded", "Last-Event-ID", "Content-Type", "Prefer");
  private static final List<String> ANSWER = List.of("Content-Type", "ETag", "Kanal-Final");

  /** The questions that it was asked: the mark, and the path with its query. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  private final ApiNode behind;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public OldNode(ApiNode behind) {
    this.behind = behind;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("Expected a port, but there is none", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String uri = exchange.getRequestURI().toString();
      if (uri.startsWith("/internal/")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      HttpResponse<InputStream> answer = behind(exchange, uri);
      ANSWER.forEach(
          name ->
              answer
                  .headers()
                  .firstValue(name)
                  .ifPresent(value -> exchange.getResponseHeaders().set(name, value)));
      exchange.sendResponseHeaders(answer.statusCode(), answer.statusCode() == 204 ? -1 : 0);
      try (InputStream in = answer.body()) {
        OutputStream out = exchange.getResponseBody();
        byte[] some = new byte[8_192];
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
          out.write(some, 0, read);
          out.flush();
        }
      }
    }
  }

  private HttpResponse<InputStream> behind(HttpExchange exchange, String uri) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(behind.uri(uri))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : REQUEST) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    asked.add(exchange.getRequestHeaders().getFirst("Kanal-Forwarded") + " " + uri);
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.shutdownNow();
    threads.shutdownNow();
  }
}
