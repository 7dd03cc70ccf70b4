package dev.kanal.check;

import dev.kanal.check.alerts.AlertsCommand;
import dev.kanal.check.batch.BatchCommand;
import dev.kanal.check.files.FilesCommand;
import dev.kanal.check.idempotency.IdempotencyCommand;
import dev.kanal.check.lag.LagCommand;
import dev.kanal.check.lateness.LatenessCommand;
import dev.kanal.check.listing.ListingCommand;
import dev.kanal.check.outage.OutageCommand;
import dev.kanal.check.reads.ReadsCommand;
import dev.kanal.check.retry.RetryCommand;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.ticks.CronCommand;
import dev.kanal.check.waiting.WaitingCommand;
import dev.kanal.check.workers.WorkersCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code ./kanal check}. */
public final class CheckApplication {
  /** Has a name of its own, since an image has the services' settings on the same class path. */
  private static final String LOG_SETTINGS = "logback-check.xml";

  private CheckApplication() {}

  public static void main(String[] args) {
    setUpLog();
    System.exit(
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args));
  }

  /** Before the first logger is made: checks say in lines of their own what there is to say. */
  public static void setUpLog() {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", LOG_SETTINGS);
    }
  }

  /** Runs a check and returns its exit status. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new BatchCommand())
        .addSubcommand(new ReadsCommand())
        .addSubcommand(new FilesCommand())
        .addSubcommand(new WaitingCommand())
        .addSubcommand(new LatenessCommand())
        .addSubcommand(new CronCommand())
        .addSubcommand(new IdempotencyCommand())
        .addSubcommand(new ListingCommand())
        .addSubcommand(new RetryCommand())
        .addSubcommand(new WorkersCommand())
        .addSubcommand(new LagCommand())
        .addSubcommand(new OutageCommand())
        .addSubcommand(new AlertsCommand())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(CheckApplication::usageError)
        .setExecutionExceptionHandler(CheckApplication::failure)
        .execute(args);
  }

  private static int usageError(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(e.getMessage() + " (./kanal " + name + " --help lists the options)");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    String message = e instanceof CheckStopped ? e.getMessage() : "check failed itself: " + e;
    command.getErr().println(message);
    return command.getCommandSpec().exitCodeOnExecutionException();
  }
}
