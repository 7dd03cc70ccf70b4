package dev.kanal.check.server;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of checks that submit jobs: how many, and to which queue. */
public final class LoadOptions {
  private final int most;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it before any option is read
  private CommandSpec spec;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "How many jobs (default: ${DEFAULT-VALUE}).")
  private int jobs;

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "Queue to submit to (default: ${DEFAULT-VALUE}).")
  private String queue = "check";

  /**
   * @param jobs unless given
   * @param most that may be given
   */
  public LoadOptions(int jobs, int most) {
    this.jobs = jobs;
    this.most = most;
  }

  /** A usage error unless it is within its bounds. */
  public int jobs() {
    if (jobs < 1 || jobs > most) {
      throw new ParameterException(
          spec.commandLine(), "Expected --jobs to be 1 to %d, but it is %d".formatted(most, jobs));
    }
    return jobs;
  }

  public String queue() {
    return queue;
  }
}
