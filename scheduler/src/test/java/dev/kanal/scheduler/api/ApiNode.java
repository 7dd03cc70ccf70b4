package dev.kanal.scheduler.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.UiConfig;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.scheduler.api.batch.AnswerSpool;
import dev.kanal.scheduler.api.batch.BatchBudget;
import dev.kanal.scheduler.api.operate.KafkaAddress;
import dev.kanal.scheduler.workers.WorkerDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A node's API over shards in memory, and a client of it. */
public final class ApiNode implements AutoCloseable {
  static final ObjectMapper MAPPER = new ObjectMapper();

  public final InMemoryShards shards = new InMemoryShards();
  public final InMemoryQueues queues = new InMemoryQueues();
  public final KnownWorkers workers;
  final KafkaReach reach =
      new KafkaReach(
          new KafkaReach.Words("127.0.0.1:9092", "submits are refused", "submits are taken"),
          Clocks.system());
  public final List<ControlMessage> controls = new CopyOnWriteArrayList<>();
  public final ApiParts parts;
  final ApiServer server;
  public final int port;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public ApiNode() {
    this(httpConfig());
  }

  public ApiNode(HttpConfig http) {
    this(http, clients());
  }

  ApiNode(HttpConfig http, Clients clients) {
    this(http, clients, allRead(), UiConfig.DEFAULT);
  }

  /** With these workers, of whom perhaps not everything has been read. */
  public ApiNode(KnownWorkers workers) {
    this(httpConfig(), clients(), workers, UiConfig.DEFAULT);
  }

  /** With these bounds of batch uploads. */
  public static ApiNode withBatches(BatchBudget budget) {
    return new ApiNode(httpConfig(), Clients.withBatches(budget));
  }

  public ApiNode(UiConfig ui) {
    this(httpConfig(), clients(), allRead(), ui);
  }

  private ApiNode(HttpConfig http, Clients clients, KnownWorkers workers, UiConfig ui) {
    this.workers = workers;
    shards.informed.add(queues.known);
    parts =
        new ApiParts(
            shards,
            shards,
            shards.schedules,
            shards.flows.reader(),
            (below, limit) -> shards.quarantine.read(below, limit),
            queues,
            new WorkerDirectory(workers, new ControlRecorder(controls)),
            InstantSource.fixed(InMemoryShards.LOG_TIME),
            Clocks.system().ticker(),
            new Random(7),
            new KafkaAddress("127.0.0.1:9092", "kanal"),
            ui,
            Telemetry.NONE,
            reach);
    server = new ApiServer(parts, http, limits(), clients);
    try {
      port = server.start().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("Expected the API to start, but it did not", e);
    }
  }

  private static KnownWorkers allRead() {
    KnownWorkers workers = new KnownWorkers(Clocks.system().ticker());
    workers.reachedEnd();
    return workers;
  }

  static Clients clients() {
    return Clients.withBatches(new BatchBudget(AnswerSpool.Bounds.DEFAULT));
  }

  public static HttpConfig httpConfig() {
    return new HttpConfig(
        "127.0.0.1", 0, "", false, List.of("localhost"), 1, 20_000, 0, Duration.ofMinutes(1));
  }

  public static LimitsConfig limits() {
    return new LimitsConfig(256 * 1024, 256 * 1024, 512 * 1024, 32);
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
  }

  public HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public HttpResponse<byte[]> get(String path) {
    return send(request(path));
  }

  public HttpRequest.Builder putting(String path, String json) {
    return request(path)
        .header("Content-Type", "application/json")
        .PUT(BodyPublishers.ofString(json));
  }

  public HttpRequest.Builder posting(String path, String mediaType, byte[] body) {
    return request(path).header("Content-Type", mediaType).POST(BodyPublishers.ofByteArray(body));
  }

  /** Without a Content-Length. */
  HttpRequest.Builder postingChunked(String path, String mediaType, byte[] body) {
    return request(path)
        .header("Content-Type", mediaType)
        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
  }

  public HttpResponse<byte[]> put(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)));
  }

  /** A POST without a body. */
  public HttpResponse<byte[]> act(String path) {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  public HttpResponse<byte[]> delete(String path) {
    return send(request(path).DELETE());
  }

  public HttpResponse<byte[]> submit(String json) {
    return send(posting("/v1/jobs", "application/json", json.getBytes(StandardCharsets.UTF_8)));
  }

  public static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Override
  public void close() {
    server.close();
    client.close();
    shards.close();
  }
}
