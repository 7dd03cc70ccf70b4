package dev.kanal.check.outage;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.cluster.Layout;
import dev.kanal.check.server.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code check outage}. */
@Command(
    name = "outage",
    description = {
      "Starts three brokers with Kafka's defaults, two schedulers and two workers, and submits jobs"
          + " all the time: all brokers go for a while, then a worker is killed, and one frozen."
    },
    mixinStandardHelpOptions = true)
public final class OutageCommand implements Callable<Integer> {
  private static final int AWAY_MOST = 600;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before any option is read
  private CommandSpec spec;

  @Option(
      names = "--away",
      paramLabel = "SECONDS",
      defaultValue = "90",
      description = "How long the brokers are away, 1 to 600 (default: ${DEFAULT-VALUE}).")
  private int away;

  @Override
  public Integer call() throws InterruptedException {
    if (away < 1 || away > AWAY_MOST) {
      throw new ParameterException(
          spec.commandLine(), "Expected --away of 1 to %d, but got %d".formatted(AWAY_MOST, away));
    }
    Console console = new Console(spec.commandLine().getOut());
    try (Cluster cluster = Cluster.start(Layout.THREE_BROKERS, console);
        Called called = Called.start();
        Load load = new Load(cluster.urls(), called.url())) {
      return new OutageCheck(cluster, called, load, console).run(away).passed() ? 0 : 1;
    }
  }
}
