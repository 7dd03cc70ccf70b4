package dev.kanal.docker;

import dev.kanal.common.clock.Clocks;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compose file under a name and at ports of its own, so that it does not meet one that runs
 * already. Used by one thread at a time, but for {@link #docker}.
 */
final class Stack implements AutoCloseable {
  static final String IMAGE = "kanal-suite";
  static final Duration BUILD_WITHIN = Duration.ofMinutes(15);

  private static final Logger log = LoggerFactory.getLogger(Stack.class);
  private static final Duration STEP_WITHIN = Duration.ofMinutes(4);
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final int LOG_LINES = 200;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String project;
  private final List<String> compose;
  private final Map<String, String> environment;
  private final String url;
  private final AtomicBoolean down = new AtomicBoolean();

  private Stack(List<String> compose, int api, int kafka) {
    this.project = "kanal-suite-" + Long.toString(Clocks.system().wall().millis(), 36);
    this.compose = List.copyOf(compose);
    this.environment =
        Map.of("KANAL_IMAGE", IMAGE, "KANAL_PORT", "" + api, "KAFKA_PORT", "" + kafka);
    this.url = "http://127.0.0.1:" + api;
  }

  /** Builds the image; {@link #scale} starts everything. */
  static Stack up() throws IOException, InterruptedException {
    try (ServerSocket api = new ServerSocket(0);
        ServerSocket kafka = new ServerSocket(0)) {
      Stack stack = new Stack(command(), api.getLocalPort(), kafka.getLocalPort());
      // Also when the suite is stopped by a signal.
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(stack::close));
      stack.docker(BUILD_WITHIN, "build", "-q", "-f", "infra/docker/Dockerfile", "-t", IMAGE, ".");
      log.info("built {}", IMAGE);
      return stack;
    }
  }

  /** {@code docker compose}, or {@code docker-compose} where that is not to be had. */
  private static List<String> command() throws InterruptedException {
    List<String> plugin = List.of("docker", "compose");
    List<String> probe = List.of("docker", "compose", "version");
    boolean there = Command.run(probe, Map.of(), STEP_WITHIN).status() == 0;
    return there ? plugin : List.of("docker-compose");
  }

  /** Scales the services, and waits until the API is ready. */
  void scale(int workers) throws IOException, InterruptedException {
    compose("up", "-d", "--scale", "worker=" + workers);
    awaitReady();
    log.info("{} {}", workers, workers == 1 ? "worker" : "workers");
  }

  void compose(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of("-p", project));
    command.addAll(Arrays.asList(arguments));
    expect(command, STEP_WITHIN);
  }

  /** Runs {@code docker} and returns what it printed, which must be a success. */
  String docker(Duration atMost, String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(Arrays.asList(arguments));
    return expect(command, atMost);
  }

  String docker(String... arguments) throws InterruptedException {
    return docker(STEP_WITHIN, arguments);
  }

  /** Containers of a service that run. */
  List<String> containers(String service) throws InterruptedException {
    return docker(
            "ps",
            "-q",
            "--filter",
            "label=com.docker.compose.project=" + project,
            "--filter",
            "label=com.docker.compose.service=" + service)
        .lines()
        .toList();
  }

  /** A check inside of the network, as `run check` would be; it ends by itself. */
  Command.Ended check(int jobs, Duration atMost) throws InterruptedException {
    return Command.run(
        List.of(
            "docker",
            "run",
            "--rm",
            "--no-healthcheck",
            "--network",
            network(),
            IMAGE,
            "check",
            "--url",
            "http://gateway:8080",
            "--jobs",
            "" + jobs,
            "--timeout",
            atMost.toSeconds() + "s"),
        Map.of(),
        atMost.plusMinutes(1));
  }

  /** Options for a container that belongs to it: it is on its network, and taken down with it. */
  List<String> asOneOfIt() {
    return List.of(
        "--network",
        network(),
        "--label",
        "com.docker.compose.project=" + project,
        "--label",
        "com.docker.compose.service=beside",
        "--label",
        "com.docker.compose.oneoff=False");
  }

  private String network() {
    return project + "_default";
  }

  HttpResponse<String> submit(String job) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/jobs"))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(job))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  /** Blocks until a scheduler behind the gateway is ready. */
  void awaitReady() throws InterruptedException {
    Await await = new Await(READY_WITHIN);
    while (!isReady()) {
      if (!await.again()) {
        throw new AssertionError("Expected " + url + "/readyz within " + READY_WITHIN);
      }
    }
  }

  /** The end of all logs, to find out why a test failed. */
  void tellLogs() throws InterruptedException {
    List<String> command = new ArrayList<>(compose);
    command.addAll(
        List.of(
            "-p",
            project,
            "logs",
            "--no-color",
            "--tail=" + LOG_LINES,
            "scheduler",
            "worker",
            "gateway"));
    log.info("{}", Command.run(command, environment, STEP_WITHIN).text());
  }

  /** Takes all down that has the project's name, volumes too. */
  @Override
  public void close() {
    if (!down.compareAndSet(false, true)) {
      return;
    }
    http.close();
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of("-p", project, "down", "-v", "-t", "10", "--remove-orphans"));
    try {
      Command.Ended ended = Command.run(command, environment, STEP_WITHIN);
      log.info(ended.status() == 0 ? "all taken down" : ended.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isReady() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/readyz")).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String expect(List<String> command, Duration atMost) throws InterruptedException {
    Command.Ended ended = Command.run(command, environment, atMost);
    if (ended.status() != 0) {
      throw new AssertionError(
          "Expected `%s` to succeed, but it ended with %d:\n%s"
              .formatted(Command.shown(command), ended.status(), ended.text()));
    }
    return ended.text();
  }
}
