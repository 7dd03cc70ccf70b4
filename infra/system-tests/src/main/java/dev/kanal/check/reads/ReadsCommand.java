package dev.kanal.check.reads;

import dev.kanal.check.server.LoadOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code check reads}. */
@Command(
    name = "reads",
    description = "Asks for each job in the next instant after its 202; none may be unknown.",
    mixinStandardHelpOptions = true)
public final class ReadsCommand implements Callable<Integer> {
  static final int MOST_JOBS = 1_000_000;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private LoadOptions load = new LoadOptions(1_000, MOST_JOBS);

  @Override
  public Integer call() throws InterruptedException {
    int jobs = load.jobs();
    try (Session session = Session.open(options, options.console())) {
      return new IdProbe(session, jobs, load.queue()).run().passed() ? 0 : 1;
    }
  }
}
