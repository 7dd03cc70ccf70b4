package dev.kanal.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Docker suite: what is shipped, run as users run it, and ill-treated. */
@Tag("docker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DockerTest {
  private static final Logger log = LoggerFactory.getLogger(DockerTest.class);
  private static final int JOBS_OF_A_CHECK = 5_000;
  private static final Duration KAFKA_AWAY = Duration.ofSeconds(30);
  private static final Duration AT_WORK = Duration.ofSeconds(5);
  private static final Duration VALUES_WITHIN = Duration.ofMinutes(3);

  /** One job of each kind that some panel shows: soon, late, long, hopeless. */
  private static final List<String> JOBS =
      List.of(
          "{\"type\":\"sum\",\"payload\":{\"data\":[1,2,3]}}",
          "{\"type\":\"echo\",\"payload\":1,\"delay\":\"1s\"}",
          "{\"type\":\"sleep\",\"payload\":{\"duration\":\"2s\"}}",
          "{\"type\":\"sum\",\"payload\":{\"data\":\"none\"},\"retry\":{\"maxAttempts\":1}}");

  private final Stack stack;
  private int begun;
  private int passed;

  DockerTest() throws IOException, InterruptedException {
    stack = Stack.up();
  }

  @BeforeAll
  void start() throws IOException, InterruptedException {
    stack.scale(1);
  }

  @AfterAll
  void takeDown() throws InterruptedException {
    try {
      if (passed < begun) {
        stack.tellLogs();
      }
    } finally {
      stack.close();
    }
  }

  @Test
  void shouldKeepEveryPromise_whileContainersComeAndGo() throws Exception {
    begun++;
    stack.scale(1);
    Load load = Load.start(stack, JOBS_OF_A_CHECK);
    letWork();
    stack.scale(5);
    letWork();
    stack.scale(2);
    letWork();
    kill(stack.containers("worker").getFirst());
    letWork();
    stack.compose("restart", "scheduler");
    log.info("scheduler restarted");
    stack.awaitReady();
    letWork();
    stack.compose("stop", "kafka");
    log.info("Kafka stopped");
    new Await(KAFKA_AWAY).end();
    stack.compose("start", "kafka");
    log.info("Kafka started after {} s", KAFKA_AWAY.toSeconds());
    stack.awaitReady();
    stack.scale(2);

    List<Command.Ended> checks = load.end();

    int right = 0;
    for (Command.Ended check : checks) {
      assertEquals(0, check.status(), check.text());
      right++;
    }
    log.info("{} checks of {} jobs: 0 lost, 0 wrong", right, JOBS_OF_A_CHECK);
    passed++;
  }

  @Test
  void shouldHaveAValueForEveryExpression(@TempDir Path folder) throws Exception {
    begun++;
    stack.scale(2);
    Grafana grafana = new Grafana();
    try (Prometheus prometheus = Prometheus.start(stack, grafana, folder)) {
      log.info("{}", prometheus.checkRules().strip());
      List<Asked> asked = grafana.asked();
      List<String> without = List.of("not asked yet");
      Await await = new Await(VALUES_WITHIN);
      while (!without.isEmpty() && await.again()) {
        for (String job : JOBS) {
          assertEquals(202, stack.submit(job).statusCode());
        }
        without = without(prometheus, asked);
      }
      assertEquals(List.of(), without);
      log.info("{} expressions: none empty, none in error", asked.size());
    }
    passed++;
  }

  @Test
  void shouldMakeTheSameJars_whenTheImageIsBuiltAgain() throws Exception {
    begun++;
    String first = jars("1");
    String second = jars("2");

    assertTrue(first.lines().count() > 50, first);
    assertEquals(first, second);
    log.info("{} jars are the same, built twice", first.lines().count());
    passed++;
  }

  @Test
  void shouldSayWhatToDo_whenStartedWithoutSettings() throws Exception {
    begun++;
    assertSays("docker run --rm kanal-suite standalone", "KANAL_AUTH");
    assertSays("docker run --rm kanal-suite worker", "KANAL_KAFKA_BOOTSTRAP");
    assertSays("docker run --rm kanal-suite nobody", "known are scheduler, worker, standalone");
    passed++;
  }

  private static void assertSays(String command, String words) throws InterruptedException {
    Command.Ended ended = Command.run(List.of(command.split(" ")), Map.of(), Duration.ofMinutes(2));
    assertTrue(ended.status() != 0, command);
    assertTrue(ended.text().contains(words), ended.text());
  }

  private static void letWork() throws InterruptedException {
    new Await(AT_WORK).end();
  }

  /** Killed as by a crash, and started again as by an orchestrator. */
  private void kill(String container) throws InterruptedException {
    stack.docker("kill", container);
    log.info("worker {} killed", container);
    letWork();
    stack.docker("start", container);
  }

  private static List<String> without(Prometheus prometheus, List<Asked> asked)
      throws InterruptedException {
    List<String> without = new ArrayList<>();
    for (Asked each : asked) {
      for (String part : each.parts()) {
        prometheus
            .trouble(part)
            .ifPresent(why -> without.add(each.where() + ": " + part + ": " + why));
      }
      prometheus
          .trouble(each.sent())
          .filter(why -> why.startsWith("error"))
          .ifPresent(why -> without.add(each.where() + ": " + why));
    }
    return without;
  }

  private String jars(String number) throws InterruptedException {
    String image = Stack.IMAGE + "-build";
    stack.docker(
        Stack.BUILD_WITHIN,
        "build",
        "-q",
        "-f",
        "infra/docker/Dockerfile",
        "--target",
        "build",
        "--build-arg",
        "BUILD=" + number,
        "-t",
        image,
        ".");
    return stack.docker(
        "run", "--rm", image, "sh", "-c", "cd /out && sha256sum app/*.jar lib/*.jar");
  }
}
