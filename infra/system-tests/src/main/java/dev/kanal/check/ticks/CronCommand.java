package dev.kanal.check.ticks;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.cluster.ClusterOptions;
import dev.kanal.check.cluster.Kills;
import dev.kanal.check.cluster.Layout;
import dev.kanal.check.mixed.Trouble;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check cron}. */
@Command(
    name = "cron",
    description = {
      "Makes a schedule of every second with misfire fireAll, and expects one job for each second.",
      "With --cluster --kill-scheduler 2 each scheduler is killed once, the owner among them."
    },
    mixinStandardHelpOptions = true)
public final class CronCommand implements Callable<Integer> {
  private static final int MOST_SECONDS = 86_400;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private ClusterOptions clusters = new ClusterOptions();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How many ticks (default: ${DEFAULT-VALUE}).")
  private int seconds = 120;

  @Override
  public Integer call() throws InterruptedException {
    options.requireWithin("--seconds", seconds, 1, MOST_SECONDS);
    int kills = clusters.kills();
    Console console = options.console();
    if (!clusters.cluster()) {
      try (Session session = Session.open(options, console)) {
        return new CronCheck(session, seconds, Trouble.NONE).run(false).passed() ? 0 : 1;
      }
    }
    try (Cluster cluster = Cluster.start(Layout.TWO, console);
        Session session = Session.open(cluster.urls(), options.timeout(), console)) {
      long seed = ThreadLocalRandom.current().nextLong();
      Trouble trouble =
          Kills.inTurn(cluster, clusters.schedulerKills(), clusters.workerKills(), seed);
      return new CronCheck(session, seconds, trouble).run(kills > 0).passed() ? 0 : 1;
    }
  }
}
