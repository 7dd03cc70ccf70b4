package dev.kanal.check.reads;

import dev.kanal.check.server.Console;
import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check reads}. */
@Command(
    name = "reads",
    description = "Asks for each job in the next instant after its 202; none may be unknown.",
    mixinStandardHelpOptions = true)
public final class ReadsCommand implements Callable<Integer> {
  static final int MOST_JOBS = 1_000_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  private CommandSpec spec;

  @Mixin private ServerOptions options = new ServerOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "How many jobs (default: ${DEFAULT-VALUE}).")
  private int jobs = 1_000;

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "Queue to submit to (default: ${DEFAULT-VALUE}).")
  private String queue = "check";

  @Override
  public Integer call() throws InterruptedException {
    options.requireWithin("--jobs", jobs, 1, MOST_JOBS);
    try (Session session = Session.open(options, new Console(spec.commandLine().getOut()))) {
      return new IdProbe(session, jobs, queue).run().passed() ? 0 : 1;
    }
  }
}
