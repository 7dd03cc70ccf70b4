package dev.kanal.bench;

import picocli.CommandLine;

/** {@code ./kanal bench}. */
public final class BenchApplication {
  private BenchApplication() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchCommand()).execute(arguments));
  }
}
