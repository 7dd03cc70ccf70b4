package dev.kanal.examples.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import dev.kanal.worker.Worker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The handler at work: a job over REST, through a scheduler, Kafka and a worker, and back. */
@EmbeddedCluster
final class WordCountTest {
  private final String bootstrap;
  private final String prefix = EmbeddedKafka.uniquePrefix() + "example";
  private final HttpClient http = HttpClient.newHttpClient();
  private final Scheduler scheduler;
  private final Worker worker;

  WordCountTest(EmbeddedKafka kafka, @TempDir Path data) throws Exception {
    bootstrap = kafka.bootstrapServers();
    Map<String, String> arguments =
        Map.of(
            "kafka.bootstrap",
            bootstrap,
            "topics.prefix",
            prefix,
            "http.port",
            "0",
            "engine.shards",
            "2");
    Settings settings =
        Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), arguments));
    SchedulerConfig config = SchedulerConfig.from(settings, KafkaConfig.from(settings), data);
    scheduler = Scheduler.start(config, Clocks.system());
    worker =
        Worker.builder().bootstrap(bootstrap).prefix(prefix).grace(Duration.ofSeconds(1)).build();
  }

  @BeforeEach
  void start() {
    worker.start();
  }

  @AfterEach
  void stop() {
    worker.close();
    scheduler.close();
    http.close();
  }

  @Test
  void shouldCountWords() throws Exception {
    String job = run("{\"text\":\"To be, or not to be\"}");
    assertTrue(job.contains("\"state\":\"SUCCEEDED\""), job);
    assertTrue(
        job.contains(
            "\"result\":{\"words\":6,\"distinct\":4,"
                + "\"counts\":{\"be\":2,\"not\":1,\"or\":1,\"to\":2}}"),
        job);
  }

  @Test
  void shouldFailForGood_whenThereIsNoText() throws Exception {
    String job = run("{}");
    assertTrue(job.contains("\"state\":\"DEAD\",\"reason\":\"not-retryable\""), job);
    assertTrue(job.contains("Expected a text to count, but there is none"), job);
  }

  /** The finished job. */
  private String run(String payload) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + scheduler.port() + "/v1/jobs"))
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=30")
            .POST(BodyPublishers.ofString("{\"type\":\"word-count\",\"payload\":" + payload + "}"))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }
}
