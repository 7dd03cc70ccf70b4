package dev.kanal.check.outage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The service that the jobs call: remembers when each was run first. Usable from any thread. */
final class Called implements AutoCloseable {
  private static final int BACKLOG = 500;
  private static final int NO_CONTENT = 204;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Integer, Long> first = new ConcurrentHashMap<>();

  private Called(HttpServer server) {
    this.server = server;
  }

  static Called start() {
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer server = HttpServer.create(any, BACKLOG);
      Called called = new Called(server);
      server.setExecutor(called.threads);
      server.createContext("/", called::answer);
      server.start();
      return called;
    } catch (IOException e) {
      throw new CheckStopped("Expected to listen for the jobs' calls, but: " + e.getMessage());
    }
  }

  /** What a job calls, but for its number. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** By {@link System#nanoTime()}; null if the job has not run. */
  @Nullable Long at(int job) {
    return first.get(job);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int job = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
      first.putIfAbsent(job, System.nanoTime());
      exchange.sendResponseHeaders(NO_CONTENT, -1);
    }
  }
}
