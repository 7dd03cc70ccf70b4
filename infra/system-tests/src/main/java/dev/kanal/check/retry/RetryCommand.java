package dev.kanal.check.retry;

import dev.kanal.check.server.LoadOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code check bulk-retry}. */
@Command(
    name = "bulk-retry",
    description =
        "Makes many dead jobs, retries them by the filter of their failure to the end, and once"
            + " more with a stop half-way; every count is compared with the jobs.",
    mixinStandardHelpOptions = true)
public final class RetryCommand implements Callable<Integer> {
  private static final int MOST_JOBS = 1_000_000;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private LoadOptions load = new LoadOptions(100_000, MOST_JOBS);

  @Override
  public Integer call() throws InterruptedException {
    int jobs = load.jobs();
    try (Session session = Session.open(options, options.console())) {
      return new RetryCheck(session, load.queue(), jobs).run().passed() ? 0 : 1;
    }
  }
}
