package dev.kanal.check.files;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Serves the chosen files, and nothing else, to this machine. */
final class FileServer implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, ServedFile> files = new HashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private final HttpServer server;

  private FileServer(HttpServer server, List<ServedFile> files) {
    this.server = server;
    files.forEach(file -> this.files.put(file.path(), file));
  }

  static FileServer start(List<ServedFile> files) {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      FileServer server = new FileServer(HttpServer.create(anyPort, BACKLOG), files);
      server.server.setExecutor(server.threads);
      server.server.createContext("/", server::answer);
      server.server.start();
      return server;
    } catch (IOException e) {
      throw new CheckStopped("Expected to listen on loopback, but: " + e.getMessage());
    }
  }

  String url(ServedFile file) {
    InetSocketAddress address = server.getAddress();
    try {
      String host = address.getAddress().getHostAddress();
      return new URI("http", null, host, address.getPort(), file.path(), null, null)
          .toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(
          "Expected a path that fits a URL, but it is " + file.path(), e);
    }
  }

  /** How often a file was asked for. */
  long requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      ServedFile file = files.get(exchange.getRequestURI().getPath());
      if (file == null || !exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] bytes = Files.readAllBytes(file.file());
      exchange.getResponseHeaders().set("content-type", "application/octet-stream");
      // 0 would mean "of unknown length".
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }
}
