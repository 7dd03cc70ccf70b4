package dev.kanal.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.EngineConfig;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.QueuesConfig;
import dev.kanal.common.config.UiConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A scheduler on a real broker, and a client of it. */
final class Node implements AutoCloseable {
  static final int SHARDS = 4;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Scheduler scheduler;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Node(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  static Node start(String bootstrap, String prefix, Path directory, boolean autoCreate)
      throws Exception {
    SchedulerConfig config =
        new SchedulerConfig(
            new KafkaConfig(bootstrap, prefix, 0),
            new HttpConfig(
                "127.0.0.1",
                0,
                "",
                false,
                List.of("localhost"),
                1,
                20_000,
                0,
                Duration.ofMinutes(1)),
            UiConfig.DEFAULT,
            new LimitsConfig(256 * 1024, 256 * 1024, 512 * 1024, 32),
            new EngineConfig(SHARDS, 1, 0, Duration.ofMillis(200), 8 << 20),
            new QueuesConfig(autoCreate, 2, 1_000_000, 500, 500),
            directory,
            Map.of());
    return new Node(Scheduler.start(config, Clocks.system()));
  }

  /** How many shards are here, all up to date; 0 if some are not. */
  int shards() {
    var health = scheduler.health();
    String detail = health.detail();
    return health.ready() ? Integer.parseInt(detail.substring(0, detail.indexOf(' '))) : 0;
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  Answer put(String path, String json) throws IOException, InterruptedException {
    return send(json(path).PUT(BodyPublishers.ofString(json)));
  }

  Answer post(String path, String json) throws IOException, InterruptedException {
    return send(json(path).POST(BodyPublishers.ofString(json)));
  }

  HttpRequest.Builder json(String path) {
    return request(path).header("Content-Type", "application/json");
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + scheduler.port() + path))
        .timeout(PATIENCE);
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  Answer sendOrThrow(HttpRequest.Builder request) {
    try {
      return send(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Expected an answer, but was interrupted", e);
    }
  }

  static void await(String what, BooleanSupplier condition) {
    long start = Clocks.system().ticker().nanos();
    while (!condition.getAsBoolean()) {
      if (Clocks.system().ticker().nanos() - start > PATIENCE.toNanos()) {
        throw new AssertionError("Expected that " + what + ", but not within " + PATIENCE);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  @Override
  public void close() {
    client.close();
    scheduler.close();
  }

  record Answer(int status, String body) {
    JsonNode json() throws IOException {
      return MAPPER.readTree(body);
    }

    String type() throws IOException {
      return json().path("type").asText().replace("urn:kanal:problem:", "");
    }
  }
}
