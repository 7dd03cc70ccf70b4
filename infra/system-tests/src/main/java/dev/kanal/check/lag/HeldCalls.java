package dev.kanal.check.lag;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A service for jobs that holds each call until it is released. Usable from any thread. */
final class HeldCalls implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore gate = new Semaphore(0);
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final HttpServer server;

  private HeldCalls(HttpServer server) {
    this.server = server;
  }

  static HeldCalls start() {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HeldCalls calls = new HeldCalls(HttpServer.create(anyPort, BACKLOG));
      calls.server.setExecutor(calls.threads);
      calls.server.createContext("/", calls::answer);
      calls.server.start();
      return calls;
    } catch (IOException e) {
      throw new CheckStopped("Expected to listen on loopback, but: " + e.getMessage());
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Lets {@code calls} calls end: of those that are held, or of those to come. */
  void letGo(int calls) {
    gate.release(calls);
  }

  /** How many jobs have begun; one that runs again counts once. */
  int begun() {
    return begun.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      begun.add(String.valueOf(exchange.getRequestHeaders().getFirst("Kanal-Job")));
      gate.acquire();
      exchange.sendResponseHeaders(204, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
