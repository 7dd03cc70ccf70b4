package dev.kanal.check.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.server.Answer;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Deadline;
import dev.kanal.check.server.KanalClient;
import dev.kanal.check.server.Pause;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Prometheus of the check's own, which scrapes a cluster and evaluates rules. */
final class Prometheus implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(1);
  private static final Duration STOP = Duration.ofSeconds(20);

  /** One request may go without an answer for 30 s, and another is made then. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final Path directory;
  private final KanalClient client;

  private Prometheus(Process process, Path directory, URI url) {
    this.process = process;
    this.directory = directory;
    this.client = new KanalClient(url);
  }

  /**
   * Returns once it answers.
   *
   * @param directory takes its settings, data and output
   * @param targets host and port of each process
   * @throws CheckStopped if there is none on the path, or it does not start
   */
  static Prometheus start(Rules rules, List<String> targets, int port, Path directory)
      throws InterruptedException {
    try {
      Files.writeString(directory.resolve("alerts.yml"), rules.text());
      Files.writeString(directory.resolve("prometheus.yml"), settings(targets));
      Process process =
          new ProcessBuilder(
                  "prometheus",
                  "--config.file=" + directory.resolve("prometheus.yml"),
                  "--storage.tsdb.path=" + directory.resolve("data"),
                  "--web.listen-address=127.0.0.1:" + port)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("prometheus.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      URI url = URI.create("http://127.0.0.1:" + port);
      Prometheus started = new Prometheus(process, directory, url);
      try {
        started.awaitReady();
        return started;
      } catch (InterruptedException | CheckStopped e) {
        started.close();
        throw e;
      }
    } catch (IOException e) {
      throw new CheckStopped(
          "Expected to start prometheus from the path (Debian's package is prometheus), but: "
              + e.getMessage());
    }
  }

  /** What fires now: the summaries of each alert, by its name. */
  Map<String, String> firing() throws InterruptedException {
    return firing(get("/api/v1/alerts"));
  }

  /** What fires now, or would if it went on. */
  Set<String> active() throws InterruptedException {
    Set<String> active = new HashSet<>();
    for (JsonNode alert : get("/api/v1/alerts").at("/data/alerts")) {
      active.add(alert.at("/labels/alertname").asText());
    }
    return active;
  }

  static Map<String, String> firing(JsonNode answer) {
    Map<String, String> firing = new TreeMap<>();
    for (JsonNode alert : answer.at("/data/alerts")) {
      if (alert.path("state").asText().equals("firing")) {
        firing.merge(
            alert.at("/labels/alertname").asText(),
            alert.at("/annotations/summary").asText(),
            (one, other) -> one + "; " + other);
      }
    }
    return firing;
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static String settings(List<String> targets) {
    return """
    global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s}
    rule_files: [alerts.yml]
    scrape_configs:
      - job_name: kanal
        static_configs: [{targets: [%s]}]
    """
        .formatted(
            targets.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(",")));
  }

  private void awaitReady() throws InterruptedException {
    var _ = await("/-/ready", START);
  }

  private JsonNode get(String path) throws InterruptedException {
    try {
      return json.readTree(await(path, PATIENCE));
    } catch (IOException e) {
      throw new CheckStopped("Expected JSON of Prometheus, but: " + e.getMessage());
    }
  }

  /** Asks until it answers, as long as it runs. */
  private String await(String path, Duration atMost) throws InterruptedException {
    Deadline deadline = Deadline.after(atMost, System::nanoTime);
    while (true) {
      Answer answer = client.get(path);
      if (answer instanceof Answer.Got(int status, String body) && status == 200) {
        return body;
      }
      if (deadline.passed() || !process.isAlive()) {
        throw new CheckStopped(
            "Expected Prometheus to answer %s, but: %s; its output is in %s"
                .formatted(path, answer, directory));
      }
      Pause.real().of(LOOK_EVERY);
    }
  }
}
