package dev.kanal.check.alerts;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.cluster.Layout;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Session;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code check alerts}. */
@Command(
    name = "alerts",
    description = {
      "Starts Kafka, two schedulers, a worker and a Prometheus (from the path), and makes each"
          + " alert rule fire by a fault, and be over again."
    },
    mixinStandardHelpOptions = true)
public final class AlertsCommand implements Callable<Integer> {
  /** Steps whose time does not shrink with the divided durations. */
  private static final Duration UNDIVIDED = Duration.ofMinutes(30);

  private static final Duration DIVIDED = Duration.ofHours(4);
  private static final String SMALL = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";
  private static final int FASTER_MOST = 20;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before any option is read
  private CommandSpec spec;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "The alert rules (default: infra/grafana/alerts.yml beside the launcher).")
  private @Nullable Path file;

  @Option(
      names = "--faster",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Divides how long conditions must hold, and how far rates look back, by 1 to 20"
              + " (default: ${DEFAULT-VALUE}). With 1 the check takes more than two hours.")
  private int faster;

  @Override
  public Integer call() throws InterruptedException {
    if (faster < 1 || faster > FASTER_MOST) {
      throw new ParameterException(
          spec.commandLine(),
          "Expected --faster of 1 to %d, but got %d".formatted(FASTER_MOST, faster));
    }
    Console console = new Console(spec.commandLine().getOut());
    Rules rules = Rules.read(file == null ? shipped() : file);
    console.say(
        "%d rules; durations in them (for, windows, offsets) are divided by %d, thresholds are not"
            .formatted(rules.names().size(), faster));
    try {
      Path directory = Files.createTempDirectory("kanal-alerts-");
      console.say(
          "settings and output of Prometheus and the worker's settings are in " + directory);
      return run(rules, directory, console) ? 0 : 1;
    } catch (IOException e) {
      throw new CheckStopped("Expected to make a directory, but: " + e.getMessage());
    }
  }

  private boolean run(Rules rules, Path directory, Console console) throws InterruptedException {
    WorkerFile workerFile = new WorkerFile(directory.resolve("worker.conf"));
    workerFile.takes(AlertsCheck.TAKEN);
    int workerPort = Cluster.freePort();
    List<String> worker =
        List.of("--config=" + workerFile.path(), "--worker.http.port=" + workerPort);
    try (Cluster cluster = Cluster.start(new Layout(2, 1, worker, SMALL, SMALL), console);
        Session session =
            Session.open(cluster.urls(), UNDIVIDED.plus(DIVIDED.dividedBy(faster)), console);
        Brokers brokers = new Brokers(cluster.bootstrap());
        Prometheus prometheus =
            Prometheus.start(
                rules.faster(faster),
                targets(cluster.urls(), workerPort),
                Cluster.freePort(),
                directory)) {
      Watch watch = new Watch(prometheus, console);
      return new AlertsCheck(
              new AlertsCheck.Scene(cluster, session, brokers, workerFile), watch, faster)
          .run(rules.names())
          .passed();
    }
  }

  private static List<String> targets(List<URI> schedulers, int workerPort) {
    return Stream.concat(
            schedulers.stream().map(URI::getAuthority), Stream.of("127.0.0.1:" + workerPort))
        .toList();
  }

  private static Path shipped() {
    String launcher = System.getenv("KANAL_LAUNCHER");
    if (launcher == null) {
      throw new CheckStopped(
          "Expected to be started by ./kanal check, to find the rules beside it");
    }
    return Path.of(launcher).resolveSibling("infra/grafana/alerts.yml");
  }
}
