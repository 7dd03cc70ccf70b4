package dev.kanal.bench.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;

/** Takes spans by OTLP over HTTP and counts those of jobs. Usable from any thread. */
final class SpanCounter implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final HttpServer server;
  private final AtomicLong spans = new AtomicLong();

  SpanCounter() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/traces", this::take);
    server.createContext("/", SpanCounter::answer);
    server.start();
  }

  /** The variables with which a process sends its spans here. */
  Map<String, String> variables() {
    return Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Waits until {@code count} have come, or no more do; returns how many have. */
  long await(long count) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (spans.get() < count && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    return spans.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Reads of a queue, which follow the jobs' progress, are not counted. */
  private void take(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    try (InputStream plain = zipped ? new GZIPInputStream(body) : body) {
      long of =
          ExportTraceServiceRequest.parseFrom(plain).getResourceSpansList().stream()
              .flatMap(resource -> resource.getScopeSpansList().stream())
              .flatMap(scope -> scope.getSpansList().stream())
              .filter(span -> !span.getName().startsWith("GET "))
              .count();
      spans.addAndGet(of);
    }
    answer(exchange);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
