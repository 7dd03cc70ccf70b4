package dev.kanal.process.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** Takes spans by OTLP over HTTP, read with OpenTelemetry's own classes of that protocol. */
public final class OtlpReceiver implements AutoCloseable {
  private static final HexFormat HEX = HexFormat.of();

  private final HttpServer server;
  private final Queue<Seen> spans = new ConcurrentLinkedQueue<>();
  private final Queue<String> logs = new ConcurrentLinkedQueue<>();

  public OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/traces", this::take);
    server.createContext("/v1/logs", this::takeLogs);
    server.createContext("/", OtlpReceiver::answer);
    server.start();
  }

  /** A span that came. */
  public record Seen(String service, Span span) {
    public String name() {
      return span.getName();
    }

    public String id() {
      return HEX.formatHex(span.getSpanId().toByteArray());
    }

    /** Empty for the first of a trace. */
    String parent() {
      return HEX.formatHex(span.getParentSpanId().toByteArray());
    }

    public String trace() {
      return HEX.formatHex(span.getTraceId().toByteArray());
    }

    long startNanos() {
      return span.getStartTimeUnixNano();
    }

    long micros() {
      return (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1_000;
    }

    public boolean isError() {
      return span.getStatus().getCodeValue() == 2;
    }

    public Optional<String> attribute(String key) {
      return span.getAttributesList().stream()
          .filter(each -> each.getKey().equals(key))
          .map(KeyValue::getValue)
          .map(value -> value.hasIntValue() ? "" + value.getIntValue() : value.getStringValue())
          .findFirst();
    }

    /** The ids of the spans that it links to. */
    public List<String> links() {
      return span.getLinksList().stream()
          .map(link -> HEX.formatHex(link.getSpanId().toByteArray()))
          .toList();
    }
  }

  /** The variables with which a process sends its spans here at once. */
  public Map<String, String> settings() {
    return Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "OTEL_BSP_SCHEDULE_DELAY",
        "50");
  }

  /** The spans of a trace, in the order of their starts. */
  public List<Seen> trace(String id) {
    return spans.stream()
        .filter(each -> each.trace().equals(id))
        .sorted(Comparator.comparingLong(Seen::startNanos))
        .toList();
  }

  /** Every log record that came, as text. */
  public List<String> logs() {
    return List.copyOf(logs);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (InputStream body = plain(exchange)) {
      var request = ExportTraceServiceRequest.parseFrom(body);
      for (ResourceSpans resource : request.getResourceSpansList()) {
        String service = service(resource);
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> spans.add(new Seen(service, span)));
        }
      }
    }
    answer(exchange);
  }

  private void takeLogs(HttpExchange exchange) throws IOException {
    try (InputStream body = plain(exchange)) {
      ExportLogsServiceRequest.parseFrom(body).getResourceLogsList().stream()
          .flatMap(resource -> resource.getScopeLogsList().stream())
          .flatMap(scope -> scope.getLogRecordsList().stream())
          .forEach(each -> logs.add(each.toString()));
    }
    answer(exchange);
  }

  private static InputStream plain(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    return zipped ? new GZIPInputStream(body) : body;
  }

  private static String service(ResourceSpans resource) {
    return resource.getResource().getAttributesList().stream()
        .filter(each -> each.getKey().equals("service.name"))
        .map(each -> each.getValue().getStringValue())
        .findFirst()
        .orElse("?");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
