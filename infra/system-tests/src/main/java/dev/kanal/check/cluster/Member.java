package dev.kanal.check.cluster;

import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of the cluster, which may be killed and started again. Not for several threads. */
final class Member {
  private static final Duration STOP = Duration.ofSeconds(20);

  /** Several of them share the machine with what is checked. */
  private static final String JVM = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private final String name;
  private final List<String> command;
  private final Map<String, String> settings;
  private final Path output;
  private @Nullable Process process;

  /**
   * @param output file that takes all it prints
   */
  Member(String name, List<String> command, Map<String, String> settings, Path output) {
    this.name = name;
    this.command = List.copyOf(command);
    this.settings = Map.copyOf(settings);
    this.output = output;
  }

  String name() {
    return name;
  }

  void start() {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().removeIf(key -> key.startsWith("KANAL_"));
    builder.environment().put("KANAL_JAVA_OPTS", JVM);
    builder.environment().putAll(settings);
    try {
      Process started = builder.start();
      started.getOutputStream().close();
      process = started;
    } catch (IOException e) {
      throw new CheckStopped("Expected to start " + name + ", but: " + e.getMessage());
    }
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.toHandle().destroyForcibly();
      running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * @throws CheckStopped if it has ended by itself
   */
  void requireAlive() {
    Process running = process;
    if (running != null && !running.isAlive()) {
      throw new CheckStopped(
          "Expected %s to run, but it ended with %d; see %s"
              .formatted(name, running.exitValue(), output));
    }
  }

  /** By a signal, and by force if that does not do. */
  void stop() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.toHandle().destroy();
      if (!running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    }
  }

  /** For when the check itself is stopped. */
  void abandon() {
    Process running = process;
    if (running != null) {
      running.toHandle().destroyForcibly();
    }
  }
}
