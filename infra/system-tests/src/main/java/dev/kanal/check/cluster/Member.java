package dev.kanal.check.cluster;

import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.nio.file.Files;
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

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path output;
  private @Nullable Process process;

  /**
   * @param environment beside what every process has
   * @param output file that takes all it prints
   */
  Member(String name, List<String> command, Map<String, String> environment, Path output) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
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
    builder.environment().putAll(environment);
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
      process = null;
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

  /** By a signal, and by force if that does not help. */
  void stop() throws InterruptedException {
    if (terminate(STOP) < 0) {
      kill();
    }
  }

  /** By a signal; answers the exit status, or a negative number if it has not ended in time. */
  int terminate(Duration patience) throws InterruptedException {
    Process running = process;
    if (running == null) {
      return 0;
    }
    running.toHandle().destroy();
    return running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) ? running.exitValue() : -1;
  }

  /** Sends it a signal, such as {@code STOP}. */
  void signal(String name) throws InterruptedException {
    try {
      int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (status != 0) {
        throw new CheckStopped("Expected to send " + name + ", but kill ended with " + status);
      }
    } catch (IOException e) {
      throw new CheckStopped("Expected to send " + name + ", but: " + e.getMessage());
    }
  }

  /** What it has printed so far. */
  String printed() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new CheckStopped("Expected to read " + output + ", but: " + e.getMessage());
    }
  }

  /** Its process, while it runs. */
  long pid() {
    Process running = process;
    return running == null ? -1 : running.pid();
  }

  /** For when the check itself is stopped. */
  void abandon() {
    Process running = process;
    if (running != null) {
      running.toHandle().destroyForcibly();
    }
  }
}
