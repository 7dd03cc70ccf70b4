package dev.kanal.check.lateness;

import dev.kanal.check.server.HumanDuration;
import dev.kanal.check.server.LoadOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check lateness}. */
@Command(
    name = "lateness",
    description = "Submits jobs due at times spread evenly, and tells how late they start.",
    mixinStandardHelpOptions = true)
public final class LatenessCommand implements Callable<Integer> {
  static final int MOST_JOBS = 1_000_000;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private LoadOptions load = new LoadOptions(10_000, MOST_JOBS);

  @Option(
      names = "--over",
      paramLabel = "TIME",
      converter = HumanDuration.class,
      description = "Time from the first to the last (default: ${DEFAULT-VALUE}).")
  private Duration over = Duration.ofMinutes(1);

  @Option(
      names = "--p99",
      paramLabel = "TIME",
      converter = HumanDuration.class,
      description = "99 of 100 jobs must start within this (default: ${DEFAULT-VALUE}).")
  private Duration bound = Duration.ofMillis(100);

  @Override
  public Integer call() throws InterruptedException {
    int jobs = load.jobs();
    try (Session session = Session.open(options, options.console())) {
      LatenessCheck check = new LatenessCheck(session, load.queue(), jobs, over);
      return check.run(bound).passed() ? 0 : 1;
    }
  }
}
