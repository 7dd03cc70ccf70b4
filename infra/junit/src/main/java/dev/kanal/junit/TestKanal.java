package dev.kanal.junit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.ConfigException;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.scheduler.StartException;
import dev.kanal.scheduler.queues.ProvisioningException;
import dev.kanal.worker.Worker;
import dev.kanal.worker.WorkerBuilder;
import dev.kanal.worker.run.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Kanal for tests: a scheduler on the run's Kafka, and the workers that tests start. Usable from
 * any thread.
 */
public final class TestKanal {
  /** How long {@link #await} waits for the end of a job. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The longest wait that the API allows. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(90);
  private static final ObjectMapper MAPPER = Json.DEFAULT.mapper();
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Worker> workers = new CopyOnWriteArrayList<>();
  private final String bootstrapServers;
  private final String prefix;
  private final Path directory;
  private final Scheduler scheduler;

  private TestKanal(String bootstrapServers, String prefix, Path directory, Scheduler scheduler) {
    this.bootstrapServers = bootstrapServers;
    this.prefix = prefix;
    this.directory = directory;
    this.scheduler = scheduler;
  }

  /** Returns when it takes jobs. */
  static TestKanal start(String bootstrapServers) {
    String prefix = EmbeddedKafka.uniquePrefix() + "test";
    Map<String, String> given =
        Map.of(
            "kafka.bootstrap",
            bootstrapServers,
            "topics.prefix",
            prefix,
            "http.port",
            "0",
            "engine.shards",
            "2");
    try {
      Settings settings = Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), given));
      Path directory = Files.createTempDirectory("kanal-test-");
      SchedulerConfig config =
          SchedulerConfig.from(settings, KafkaConfig.from(settings), directory);
      Scheduler scheduler = Scheduler.start(config, Clocks.system());
      TestKanal kanal = new TestKanal(bootstrapServers, prefix, directory, scheduler);
      kanal.awaitReady();
      return kanal;
    } catch (ConfigException | ProvisioningException | StartException e) {
      throw new IllegalStateException("Expected a scheduler to start, but it did not", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of the REST API. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + scheduler.port());
  }

  /** The address of the Kafka that all test classes share. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** The prefix of the names of this Kanal's topics. */
  public String prefix() {
    return prefix;
  }

  /** Starts a worker with the handlers that {@code ServiceLoader} finds; closed after the test. */
  public Worker worker() {
    return worker(builder -> builder);
  }

  /**
   * Starts a worker; it is closed after the test.
   *
   * @param settings of the worker, except Kafka and prefix; without grace time unless set
   */
  public Worker worker(UnaryOperator<WorkerBuilder> settings) {
    WorkerBuilder builder =
        Worker.builder().bootstrap(bootstrapServers).prefix(prefix).grace(Duration.ZERO);
    Worker worker = settings.apply(builder).build();
    workers.add(worker);
    worker.start();
    return worker;
  }

  /**
   * Submits a job.
   *
   * @param payload written as a worker writes results: times as texts, for one
   * @return its id
   * @throws IllegalArgumentException if it cannot be written, or is refused, with the reason
   */
  public String submit(String type, @Nullable Object payload) throws InterruptedException {
    ObjectNode job = MAPPER.createObjectNode().put("type", type);
    try {
      job.set("payload", MAPPER.valueToTree(payload));
      return submit(MAPPER.writeValueAsString(job));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Expected a payload that is JSON, but: " + e, e);
    }
  }

  /**
   * Submits a job.
   *
   * @param job as JSON, as for {@code POST /v1/jobs}
   * @return its id
   * @throws IllegalArgumentException if it is refused, with the reason
   */
  public String submit(String job) throws InterruptedException {
    HttpResponse<String> answer =
        send(
            request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(job)));
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalArgumentException(
          "Expected a job that is taken, but it was refused: " + answer.body());
    }
    try {
      return MAPPER.readTree(answer.body()).path("id").asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected JSON, but got " + answer.body(), e);
    }
  }

  /** As {@link #await(String, Duration)} with {@link #PATIENCE}. */
  public TestJob await(String id) throws InterruptedException {
    return await(id, PATIENCE);
  }

  /**
   * The job at its end.
   *
   * @param atMost in whole seconds, from 1 to 60
   * @throws IllegalStateException if it has not ended by then, or is not known
   */
  public TestJob await(String id, Duration atMost) throws InterruptedException {
    if (atMost.toSeconds() < 1 || atMost.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "Expected a time of 1 s to " + LONGEST_WAIT + ", but got " + atMost);
    }
    HttpResponse<String> answer =
        send(request("/v1/jobs/" + id + "?wait=" + atMost.toSeconds() + "s").GET());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("Expected job " + id + ", but got " + answer.body());
    }
    TestJob job = TestJob.read(answer.body());
    if (!job.isFinal()) {
      throw new IllegalStateException(
          "Expected job %s to end within %s, but it is %s: %s"
              .formatted(id, atMost, job.state(), job.json()));
    }
    return job;
  }

  /** Submits a job, and waits for its end as {@link #await} does. */
  public TestJob run(String type, @Nullable Object payload) throws InterruptedException {
    return await(submit(type, payload));
  }

  /** Closes all of them, even if some fail. */
  void closeWorkers() {
    RuntimeException failure = null;
    for (Worker worker : workers) {
      try {
        worker.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    workers.clear();
    if (failure != null) {
      throw failure;
    }
  }

  void close() {
    closeWorkers();
    scheduler.close();
    client.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    var ticker = Clocks.system().ticker();
    long begun = ticker.nanos();
    while (!scheduler.health().ready()) {
      if (ticker.nanos() - begun > READY_WITHIN.toNanos()) {
        close();
        throw new IllegalStateException(
            "Expected the scheduler to be ready within " + READY_WITHIN + ", but it is not");
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url().resolve(path)).timeout(CALL_TIMEOUT);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws InterruptedException {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
