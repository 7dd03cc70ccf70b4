package dev.kanal.check.demo;

import dev.kanal.check.server.CheckStopped;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** {@code ./kanal demo}. */
public final class DemoApplication {
  private DemoApplication() {}

  public static void main(String[] args) {
    System.exit(
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args));
  }

  /** Runs it and returns its exit status. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new DemoCommand())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(
            (e, _) -> {
              e.getCommandLine()
                  .getErr()
                  .println(e.getMessage() + " (./kanal demo --help lists the options)");
              return e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
            })
        .setExecutionExceptionHandler(
            (e, command, _) -> {
              command
                  .getErr()
                  .println(e instanceof CheckStopped ? e.getMessage() : "demo failed: " + e);
              return command.getCommandSpec().exitCodeOnExecutionException();
            })
        .execute(args);
  }
}
