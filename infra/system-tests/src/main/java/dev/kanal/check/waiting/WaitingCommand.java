package dev.kanal.check.waiting;

import dev.kanal.check.server.LoadOptions;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check waiting}. */
@Command(
    name = "waiting",
    description = {
      "Schedules jobs one hour ahead, lists them, runs one now, and cancels all by one bulk action;"
          + " tells times and the memory of a local server."
    },
    mixinStandardHelpOptions = true)
public final class WaitingCommand implements Callable<Integer> {
  static final int MOST_JOBS = 5_000_000;

  @Mixin private ServerOptions options = new ServerOptions();
  @Mixin private LoadOptions load = new LoadOptions(100_000, MOST_JOBS);

  @Option(
      names = "--leave",
      description = "Leaves the jobs waiting, to look at a restart with them.")
  private boolean leave;

  @Override
  public Integer call() throws InterruptedException {
    int jobs = load.jobs();
    try (Session session = Session.open(options, options.console())) {
      ServerMemory memory = ServerMemory.of(options.url());
      WaitingCheck check = new WaitingCheck(session, load.queue(), jobs, memory);
      return check.run(leave).passed() ? 0 : 1;
    }
  }
}
