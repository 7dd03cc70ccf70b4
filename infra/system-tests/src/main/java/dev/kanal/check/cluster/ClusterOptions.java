package dev.kanal.check.cluster;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of checks that can start a system of their own. */
public final class ClusterOptions {
  private static final int MOST_KILLS = 100;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it before any option is read
  private CommandSpec spec;

  @Option(
      names = "--cluster",
      description =
          "Starts Kafka, two schedulers and two workers for this check, instead of using --url.")
  private boolean cluster;

  @Option(
      names = "--kill-scheduler",
      paramLabel = "N",
      description = "With --cluster: kill -9 a scheduler N times and start it again.")
  private int killScheduler;

  @Option(
      names = "--kill-worker",
      paramLabel = "N",
      description = "With --cluster: the same with a worker.")
  private int killWorker;

  public boolean cluster() {
    return cluster;
  }

  /** The number of kills; a usage error without a cluster. */
  public int kills() {
    int kills = schedulerKills() + workerKills();
    if (kills > 0 && !cluster) {
      throw new ParameterException(
          spec.commandLine(), "Expected --cluster beside --kill-scheduler and --kill-worker");
    }
    return kills;
  }

  public int schedulerKills() {
    return within("--kill-scheduler", killScheduler);
  }

  public int workerKills() {
    return within("--kill-worker", killWorker);
  }

  private int within(String option, int value) {
    if (value < 0 || value > MOST_KILLS) {
      throw new ParameterException(
          spec.commandLine(),
          "Expected %s to be 0 to %d, but it is %d".formatted(option, MOST_KILLS, value));
    }
    return value;
  }
}
