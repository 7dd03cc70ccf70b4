package dev.kanal.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each rule fires for its own fault and then ends, by Prometheus's own evaluation. */
final class AlertsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Grafana grafana = new Grafana();

  @Test
  void shouldFire_andBeOverAgain() throws InterruptedException {
    Command.Ended there = promtool("--version");
    assumeTrue(there.status() == 0, "There is no promtool (Debian's package is prometheus)");

    Command.Ended tested = promtool("test", "rules", "infra/grafana/alerts.test.yml");

    assertEquals(0, tested.status(), tested::text);
  }

  @Test
  void shouldTryEachRule() throws IOException {
    String tests = Files.readString(grafana.alertsFile().resolveSibling("alerts.test.yml"));

    assertEquals(
        List.of(),
        grafana.alerts().stream().filter(name -> !tests.contains("alertname: " + name)).toList());
  }

  private static Command.Ended promtool(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    return Command.run(command, Map.of(), PATIENCE);
  }
}
