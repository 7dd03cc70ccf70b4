package dev.kanal.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Debian's Prometheus in a container beside the stack, which reads all its services. */
final class Prometheus implements AutoCloseable {
  private static final String IMAGE = "kanal-suite-prometheus";
  private static final String CONFIG = "/prometheus.yml";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ObjectMapper json = new ObjectMapper();
  private final Stack stack;
  private final String container;
  private final String url;

  private Prometheus(Stack stack, String container, String address) {
    this.stack = stack;
    this.container = container;
    this.url = "http://" + address;
  }

  /**
   * Starts it with the rules of the alerts.
   *
   * @param folder to prepare its files in
   */
  static Prometheus start(Stack stack, Grafana grafana, Path folder)
      throws IOException, InterruptedException {
    Path files = Files.createDirectory(folder.resolve("kanal"));
    try (InputStream config = Prometheus.class.getResourceAsStream(CONFIG)) {
      Files.copy(Objects.requireNonNull(config), files.resolve("prometheus.yml"));
    }
    Files.copy(grafana.alertsFile(), files.resolve("alerts.yml"));
    stack.docker(
        Stack.BUILD_WITHIN,
        "build",
        "-q",
        "-f",
        "infra/docker/prometheus.Dockerfile",
        "-t",
        IMAGE,
        files.toString());
    List<String> create = new ArrayList<>(List.of("create", "-p", "127.0.0.1::9090"));
    create.addAll(stack.asOneOfIt());
    create.add(IMAGE);
    String container = stack.docker(create.toArray(String[]::new)).strip();
    // By copying, as the engine may run on another machine than the suite.
    stack.docker("cp", files.toString(), container + ":/etc/");
    stack.docker("start", container);
    String address = stack.docker("port", container, "9090/tcp").lines().findFirst().orElseThrow();
    return new Prometheus(stack, container, address);
  }

  /** What {@code promtool} reports about the rules. */
  String checkRules() throws InterruptedException {
    return stack.docker("exec", container, "promtool", "check", "rules", "/etc/kanal/alerts.yml");
  }

  /** Why an expression has no value; empty if it has one. */
  Optional<String> trouble(String expression) throws InterruptedException {
    String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1/query?query=" + query))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      JsonNode body = json.readTree(answer.body());
      if (!body.path("status").asText().equals("success")) {
        return Optional.of("error: " + body.path("error").asText(answer.body()));
      }
      return hasNumber(body.path("data").path("result"))
          ? Optional.empty()
          : Optional.of("empty: " + body.path("data").path("result"));
    } catch (IOException e) {
      return Optional.of("Prometheus does not answer: " + e);
    }
  }

  @Override
  public void close() {
    http.close();
    try {
      stack.docker("rm", "-f", container);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean hasNumber(JsonNode result) {
    for (JsonNode sample : result) {
      if (!sample.path("value").path(1).asText("NaN").equals("NaN")) {
        return true;
      }
    }
    return false;
  }
}
