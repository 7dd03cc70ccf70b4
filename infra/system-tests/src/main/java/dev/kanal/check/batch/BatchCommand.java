package dev.kanal.check.batch;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.cluster.ClusterOptions;
import dev.kanal.check.cluster.Kills;
import dev.kanal.check.cluster.Layout;
import dev.kanal.check.mixed.MixedCheck;
import dev.kanal.check.mixed.MixedOptions;
import dev.kanal.check.mixed.MixedPlan;
import dev.kanal.check.mixed.Trouble;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.LoadOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check}. */
@Command(
    name = "check",
    description = {
      "Submits sum jobs with known answers in bulk to a running Kanal, waits for each, and checks"
          + " every answer.",
      "Exit status: 0 if every promise was kept, 1 if not, 2 for a wrong command line."
    },
    mixinStandardHelpOptions = true)
public final class BatchCommand implements Callable<Integer> {
  static final int MOST_JOBS = 5_000_000;
  static final int MOST_CHUNK_LINES = 100_000;
  static final int MOST_SUBMITTERS = 64;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private LoadOptions load = new LoadOptions(10_000, MOST_JOBS);

  @Mixin private MixedOptions mixed = new MixedOptions();
  @Mixin private ClusterOptions clusters = new ClusterOptions();

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka of the system, to read its lifecycle (default: what /readyz names).")
  private @Nullable String bootstrap;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "What the topics' names begin with (default: what /readyz names, or kanal).")
  private @Nullable String prefix;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Makes the same jobs again (default: another one each time).")
  private @Nullable Long seed;

  @Option(
      names = "--submitters",
      paramLabel = "K",
      description = "Bulk requests at a time (default: ${DEFAULT-VALUE}).")
  private int submitters = 2;

  @Option(
      names = "--chunk",
      paramLabel = "LINES",
      description = "Lines of one bulk request (default: ${DEFAULT-VALUE}).")
  private int chunk = 1_000;

  @Override
  public Integer call() throws InterruptedException {
    options.requireWithin("--submitters", submitters, 1, MOST_SUBMITTERS);
    options.requireWithin("--chunk", chunk, 1, MOST_CHUNK_LINES);
    long runSeed = seed == null ? ThreadLocalRandom.current().nextLong() : seed;
    if (mixed.mixed()) {
      return mixed(runSeed);
    }
    BatchPlan plan =
        new BatchPlan(load.jobs(), load.queue(), runSeed, chunk, submitters, bootstrap, prefix);
    Console console = options.console();
    try (Session session = Session.open(options, console)) {
      return new BatchCheck(session, plan).run().passed() ? 0 : 1;
    }
  }

  private int mixed(long runSeed) throws InterruptedException {
    MixedPlan plan = mixed.plan(load.jobs(), runSeed, clusters.kills());
    Console console = options.console();
    if (!clusters.cluster()) {
      try (Session session = Session.open(options, console)) {
        return new MixedCheck(session, plan, Trouble.NONE).run().passed() ? 0 : 1;
      }
    }
    try (Cluster cluster = Cluster.start(Layout.TWO, console);
        Session session = Session.open(cluster.urls(), options.timeout(), console)) {
      Trouble kills =
          Kills.atRandom(cluster, clusters.schedulerKills(), clusters.workerKills(), runSeed);
      return new MixedCheck(session, plan, kills).run().passed() ? 0 : 1;
    }
  }
}
