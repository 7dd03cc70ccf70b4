package dev.kanal.check.lag;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.cluster.Layout;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check lag}. */
@Command(
    name = "lag",
    description = {
      "Starts Kafka, two schedulers and a worker, and holds a queue's lag against the truth for two"
          + " minutes: with a pause, a killed worker, a purge and expired jobs."
    },
    mixinStandardHelpOptions = true)
public final class LagCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final String SMALL = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before any option is read
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Console console = new Console(spec.commandLine().getOut());
    List<String> worker = List.of("--worker.slots=" + LagCheck.SLOTS, "--worker.http.port=-1");
    Layout layout = new Layout(2, 1, worker, SMALL, SMALL);
    try (Cluster cluster = Cluster.start(layout, console);
        Session session = Session.open(cluster.urls(), TIMEOUT, console);
        HeldCalls calls = HeldCalls.start()) {
      return new LagCheck(cluster, session, calls).run().passed() ? 0 : 1;
    }
  }
}
