package dev.kanal.bench.run;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How further JVMs are started: as this one was. */
public final class Jvm {
  private Jvm() {}

  /** The options that this JVM was given. */
  public static List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  /** A JVM of the same JDK with the same class path. */
  public static List<String> command(List<String> options, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    command.addAll(List.of(arguments));
    return command;
  }
}
