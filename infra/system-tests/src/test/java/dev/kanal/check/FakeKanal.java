package dev.kanal.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server that answers like Kanal, except for its faults. */
public final class FakeKanal implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService fate = Executors.newSingleThreadScheduledExecutor();
  private final FakeFaults faults;
  private final FakeFaults.Pending pending;
  private final FakeJobs jobs;
  private final String readiness;
  // Written by the starting thread, then by the thread of fate.
  private volatile HttpServer server;
  private volatile @Nullable ScheduledFuture<?> absence;

  private FakeKanal(FakeFaults faults, String readiness, Consumer<String> onFinished) {
    this.faults = faults;
    this.pending = new FakeFaults.Pending(faults);
    this.jobs = new FakeJobs(faults, onFinished);
    this.readiness = readiness;
    this.server = listen(0);
  }

  static FakeKanal start(FakeFaults faults) {
    return new FakeKanal(faults, "{\"status\":\"ready\"}", _ -> {});
  }

  /** Names Kafka in its readiness, and reports the ids of finished jobs. */
  static FakeKanal start(String bootstrap, String prefix, Consumer<String> onFinished) {
    String readiness =
        "{\"status\":\"ready\",\"kafka\":{\"bootstrap\":\"%s\",\"prefix\":\"%s\"}}"
            .formatted(bootstrap, prefix);
    return new FakeKanal(FakeFaults.NONE, readiness, onFinished);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many jobs it has. */
  int jobs() {
    return jobs.count();
  }

  @Override
  public void close() {
    ScheduledFuture<?> comingBack = absence;
    if (comingBack != null) {
      comingBack.cancel(false);
    }
    fate.shutdownNow();
    server.stop(0);
    threads.shutdownNow();
  }

  private HttpServer listen(int port) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      HttpServer fresh = HttpServer.create(address, 1_024);
      fresh.setExecutor(threads);
      fresh.createContext("/readyz", exchange -> answer(exchange, 200, readiness));
      fresh.createContext("/v1/jobs/bulk", this::bulk);
      fresh.createContext("/v1/jobs/", this::get);
      fresh.createContext("/v1/jobs", this::submit);
      fresh.start();
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void submit(HttpExchange exchange) throws IOException {
    ObjectNode answer = jobs.accept(body(exchange));
    answer(exchange, answer.path("status").asInt(202), answer.toString());
  }

  private void get(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String job = jobs.find(path.substring("/v1/jobs/".length()));
    answer(exchange, job == null ? 404 : 200, job == null ? "{}" : job);
  }

  private void bulk(HttpExchange exchange) throws IOException {
    List<String> lines = body(exchange).lines().toList();
    if (pending.takeBusy()) {
      exchange.getResponseHeaders().set("retry-after", "0");
      answer(exchange, 503, "{\"status\":503}");
      return;
    }
    int last = pending.takeBreakOff() ? faults.breaksOffAfter() : Integer.MAX_VALUE;
    exchange.getResponseHeaders().set("content-type", "application/x-ndjson");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    for (int i = 0; i < lines.size(); i++) {
      byte[] answer =
          (jobs.accept(lines.get(i)).put("line", i + 1) + "\n").getBytes(StandardCharsets.UTF_8);
      if (i == last) {
        out.write(answer, 0, answer.length / 2);
        out.flush();
        goAway();
        throw new IOException("broken off on purpose");
      }
      out.write(answer);
    }
    exchange.close();
  }

  private void goAway() {
    if (!faults.awayFor().isZero()) {
      int port = server.getAddress().getPort();
      server.stop(0);
      absence =
          fate.schedule(
              () -> server = listen(port), faults.awayFor().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
