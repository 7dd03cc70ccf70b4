package dev.kanal.check.listing;

import dev.kanal.check.server.HumanDuration;
import dev.kanal.check.server.LoadOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check listing}. */
@Command(
    name = "listing",
    description = "Keeps many jobs, and finds the few dead ones among them by their tags.",
    mixinStandardHelpOptions = true)
public final class ListingCommand implements Callable<Integer> {
  static final int MOST_JOBS = 5_000_000;
  private static final int MOST_CALLS = 1_000_000;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private LoadOptions load = new LoadOptions(100_000, MOST_JOBS);

  @Option(
      names = "--calls",
      paramLabel = "N",
      description = "How many calls of each filter (default: ${DEFAULT-VALUE}).")
  private int calls = 200;

  @Option(
      names = "--p99",
      paramLabel = "TIME",
      converter = HumanDuration.class,
      description = "99 of 100 calls must be answered within this (default: ${DEFAULT-VALUE}).")
  private Duration bound = Duration.ofMillis(100);

  @Override
  public Integer call() throws InterruptedException {
    options.requireWithin("--calls", calls, 1, MOST_CALLS);
    int jobs = load.jobs();
    try (Session session = Session.open(options, options.console())) {
      ListingCheck check = new ListingCheck(session, load.queue(), jobs);
      return check.run(calls, bound).passed() ? 0 : 1;
    }
  }
}
