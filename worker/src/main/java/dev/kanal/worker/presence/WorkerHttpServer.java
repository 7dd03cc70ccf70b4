package dev.kanal.worker.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.common.telemetry.Exposition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP port of a worker: {@code GET /livez}, {@code /readyz}, {@code /metrics}, {@code POST
 * /drain}. The worker is ready if its last report reached Kafka within {@link
 * Presence#HEARD_WITHIN} and it does not drain. Usable from any thread.
 */
public final class WorkerHttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerHttpServer.class);
  private static final String JSON = "application/json";
  private static final int BACKLOG = 64;

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Inside inside;

  /** What it answers from. */
  public record Inside(
      Presence presence, Function<@Nullable String, Exposition> metrics, Runnable drain) {}

  private record Answer(int status, String type, String body) {}

  private WorkerHttpServer(HttpServer server, Inside inside) {
    this.server = server;
    this.inside = inside;
  }

  /**
   * Starts listening.
   *
   * @param port 0 for a free one
   * @throws IllegalStateException if it cannot
   */
  public static WorkerHttpServer open(String host, int port, Inside inside) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
      WorkerHttpServer server = new WorkerHttpServer(HttpServer.create(address, BACKLOG), inside);
      server.listen();
      if (!address.getAddress().isLoopbackAddress()) {
        log.warn("The worker's port takes calls from other hosts, without authentication");
      }
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(
          "Expected to listen at "
              + host
              + ":"
              + port
              + ", but cannot: "
              + e.getMessage()
              + " (worker.http.port sets another, 0 any that is free, -1 none)",
          e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops listening; does not wait for open calls. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void listen() {
    server.setExecutor(executor);
    var _ = server.createContext("/", this::handle);
    server.start();
    log.info("The worker listens on {}", server.getAddress());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String allowed = exchange.getRequestURI().getPath().equals("/drain") ? "POST" : "GET";
      Answer answer = answer(exchange, allowed);
      byte[] body = answer.body.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type);
      if (answer.status == 405) {
        exchange.getResponseHeaders().set("Allow", allowed);
      }
      exchange.sendResponseHeaders(answer.status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(HttpExchange exchange, String allowed) {
    String path = exchange.getRequestURI().getPath();
    return switch (path) {
      case "/livez", "/readyz", "/metrics", "/drain" -> {
        if (!exchange.getRequestMethod().equals(allowed)) {
          yield problem(405, "Expected " + allowed + ", but got " + exchange.getRequestMethod());
        }
        yield answer(exchange, path, isForeign(exchange));
      }
      default -> problem(404, "Expected /livez, /readyz, /metrics or /drain, but got another");
    };
  }

  private Answer answer(HttpExchange exchange, String path, boolean foreign) {
    return switch (path) {
      case "/livez" -> new Answer(200, JSON, "{\"status\":\"live\"}");
      case "/readyz" -> ready();
      case "/metrics" -> {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        Exposition metrics = inside.metrics.apply(accept);
        yield new Answer(200, metrics.contentType(), metrics.text());
      }
      default -> {
        if (foreign) {
          yield problem(403, "Expected a call of this worker's own, but it is of a web page");
        }
        log.info("Told to drain by {}", exchange.getRemoteAddress());
        inside.drain.run();
        yield new Answer(202, JSON, "{\"status\":\"draining\"}");
      }
    };
  }

  private Answer ready() {
    if (inside.presence.draining()) {
      return problem(503, "Expected a worker that takes tasks, but it drains");
    }
    return inside.presence.isHeard()
        ? new Answer(200, JSON, "{\"status\":\"ready\"}")
        : problem(503, "Expected Kafka to take this worker's reports, but it has not lately");
  }

  /** A browser names the origin of a write. */
  private static boolean isForeign(HttpExchange exchange) {
    String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
    boolean own = site == null || site.equals("same-origin") || site.equals("none");
    return !own || exchange.getRequestHeaders().containsKey("Origin");
  }

  /** The texts are our own: nothing in them needs to be escaped. */
  private static Answer problem(int status, String detail) {
    return new Answer(
        status,
        "application/problem+json",
        "{\"status\":" + status + ",\"detail\":\"" + detail.replaceAll("[\\\\\"]", "'") + "\"}");
  }
}
