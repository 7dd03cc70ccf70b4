package dev.kanal.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.common.telemetry.BoundedNames;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.worker.Worker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics that a scheduler and a worker really show, compared with the list. */
@EmbeddedCluster
final class MetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SAMPLE = Pattern.compile("([a-z_:0-9]+)(?:\\{(.*)})? [^ ]+.*");
  private static final Pattern LABEL = Pattern.compile("([a-z_0-9]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern FAMILY_END = Pattern.compile("_(bucket|sum|count)$");

  /** Made by OpenTelemetry for every metric or process, and of the JVM's and Kafka's own. */
  private static final Pattern OTHERS = Pattern.compile("(jvm|kafka|otel)_.*|target_info");

  private static final Set<String> LABELS_OF_ALL =
      Set.of("otel_scope_name", "otel_scope_version", "otel_scope_schema_url", "le");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Telemetry telemetry = Telemetry.local().withJvm();
  private final Scheduler scheduler;
  private final Worker worker;

  MetricsTest(TestKafka kafka, @TempDir Path data) throws Exception {
    String prefix = EmbeddedKafka.uniquePrefix() + "metrics";
    Map<String, String> arguments =
        Map.of(
            "kafka.bootstrap",
            kafka.bootstrapServers(),
            "topics.prefix",
            prefix,
            "http.port",
            "0",
            "engine.shards",
            "2");
    Settings settings =
        Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), arguments));
    SchedulerConfig config = SchedulerConfig.from(settings, KafkaConfig.from(settings), data);
    scheduler = Scheduler.start(config, Clocks.system(), telemetry);
    worker =
        Worker.builder()
            .bootstrap(kafka.bootstrapServers())
            .prefix(prefix)
            .grace(Duration.ZERO)
            .telemetry(telemetry)
            .handle("note", JsonNode.class, (_, payload) -> payload)
            .build();
    worker.start();
  }

  @AfterEach
  void close() {
    worker.close();
    scheduler.close();
    telemetry.close();
    http.close();
  }

  @Test
  void everyMetricIsListed_everyListedOneIsThere_andLabelsAreBounded() throws Exception {
    awaitReady();
    assertEquals(200, submit("{\"type\":\"note\",\"delay\":\"50ms\"}").statusCode());
    for (int i = 0; i < BoundedNames.MAX + 5; i++) {
      assertEquals(202, get("POST", "/v1/jobs", "{\"type\":\"unknown-%d\"}".formatted(i), 0));
    }
    Map<String, Metric> listed =
        Arrays.stream(Metric.values())
            .collect(Collectors.toMap(Metric::prometheus, metric -> metric));
    Map<String, Map<String, Set<String>>> shown = awaitAll(listed.keySet());

    Set<String> unlisted = new TreeSet<>(shown.keySet());
    unlisted.removeIf(name -> listed.containsKey(name) || OTHERS.matcher(name).matches());
    assertEquals(Set.of(), unlisted, "metrics that are not listed");
    assertTrue(shown.keySet().stream().anyMatch(name -> name.startsWith("jvm_")));
    assertTrue(shown.keySet().stream().anyMatch(name -> name.startsWith("kafka_producer_")));
    listed.forEach((name, metric) -> assertLabels(metric, shown.getOrDefault(name, Map.of())));
  }

  private static void assertLabels(Metric metric, Map<String, Set<String>> labels) {
    Set<String> known =
        metric.labels().stream()
            .map(label -> label.key().getKey().replace('.', '_'))
            .collect(Collectors.toCollection(TreeSet::new));
    labels.forEach(
        (label, values) -> {
          if (!LABELS_OF_ALL.contains(label)) {
            assertTrue(known.contains(label), () -> metric + " has the label " + label);
            assertTrue(
                values.size() <= BoundedNames.MAX + 1,
                () -> metric + " has " + values.size() + " values of " + label);
            assertTrue(
                values.stream().noneMatch(value -> value.matches("[0-9a-f-]{36}")),
                () -> metric + " has an id as " + label);
          }
        });
  }

  /** Labels with their values, by metric, once all of these have a sample. */
  private Map<String, Map<String, Set<String>>> awaitAll(Set<String> names) throws Exception {
    long end = Clocks.system().ticker().nanos() + PATIENCE.toNanos();
    while (true) {
      Map<String, Map<String, Set<String>>> shown = shown();
      Set<String> missing = new TreeSet<>(names);
      missing.removeAll(shown.keySet());
      if (missing.isEmpty()) {
        return shown;
      }
      assertTrue(Clocks.system().ticker().nanos() < end, () -> "Expected to see " + missing);
      pause();
    }
  }

  private Map<String, Map<String, Set<String>>> shown() throws Exception {
    HttpResponse<String> metrics = call("GET", "/metrics", "", 0);
    assertEquals(200, metrics.statusCode());
    Map<String, Map<String, Set<String>>> shown = new TreeMap<>();
    metrics
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              assertTrue(sample.matches(), line);
              String family = FAMILY_END.matcher(sample.group(1)).replaceAll("");
              Map<String, Set<String>> labels =
                  shown.computeIfAbsent(family, _ -> new LinkedHashMap<>());
              String all = sample.group(2);
              Matcher label = LABEL.matcher(all == null ? "" : all);
              while (label.find()) {
                labels.computeIfAbsent(label.group(1), _ -> new TreeSet<>()).add(label.group(2));
              }
            });
    return shown;
  }

  private void awaitReady() throws Exception {
    long end = Clocks.system().ticker().nanos() + PATIENCE.toNanos();
    while (get("GET", "/readyz", "", 0) != 200) {
      assertTrue(Clocks.system().ticker().nanos() < end, "Expected a ready scheduler");
      pause();
    }
  }

  private HttpResponse<String> submit(String job) throws Exception {
    return call("POST", "/v1/jobs", job, 30);
  }

  private int get(String method, String path, String body, int wait) throws Exception {
    return call(method, path, body, wait).statusCode();
  }

  private HttpResponse<String> call(String method, String path, String body, int wait)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + scheduler.port() + path))
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (wait > 0) {
      request.header("Prefer", "wait=" + wait);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static void pause() throws InterruptedException {
    var _ = new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
  }
}
