package dev.kanal.check.idempotency;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.cluster.ClusterOptions;
import dev.kanal.check.cluster.Layout;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.PeerOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check idempotency}. */
@Command(
    name = "idempotency",
    description = "Submits one job many times at once with one key, to all servers in turn.",
    mixinStandardHelpOptions = true)
public final class IdempotencyCommand implements Callable<Integer> {
  static final int MOST_CALLS = 10_000;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private PeerOptions peers = new PeerOptions();
  @Mixin private ClusterOptions clusters = new ClusterOptions();

  @Option(
      names = "--calls",
      paramLabel = "N",
      description = "How many submissions (default: ${DEFAULT-VALUE}).")
  private int calls = 500;

  @Override
  public Integer call() throws InterruptedException {
    options.requireWithin("--calls", calls, 1, MOST_CALLS);
    Console console = options.console();
    if (!clusters.cluster()) {
      try (Session session = Session.open(peers.with(options), options.timeout(), console)) {
        return new IdempotencyCheck(session, calls).run().passed() ? 0 : 1;
      }
    }
    try (Cluster cluster = Cluster.start(Layout.TWO, console);
        Session session = Session.open(cluster.urls(), options.timeout(), console)) {
      return new IdempotencyCheck(session, calls).run().passed() ? 0 : 1;
    }
  }
}
