package dev.kanal.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Commands of the system, run in the project's directory. */
final class Command {
  private static final int LINES_MAX = 5_000;

  /**
   * How a command ended.
   *
   * @param lines of its standard output and error, the last of them if there were very many
   */
  record Ended(int status, List<String> lines) {
    Ended {
      lines = List.copyOf(lines);
    }

    String text() {
      return String.join("\n", lines);
    }
  }

  private Command() {}

  /** Runs to the end, whatever that is; status -1 if there is no such command. */
  static Ended run(List<String> command, Map<String, String> environment, Duration atMost)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Path root = Project.root();
    builder.directory(root.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(Command::isSetting);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      return new Ended(-1, List.of(String.valueOf(e.getMessage())));
    }
    CompletableFuture<List<String>> lines = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> lines.complete(read(process)));
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "Expected `%s` to end within %s, but it runs".formatted(shown(command), atMost));
      }
      return new Ended(process.exitValue(), lines.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("Expected `" + shown(command) + "` to end its output", e);
    } finally {
      process.destroyForcibly();
    }
  }

  static String shown(List<String> command) {
    return String.join(" ", command);
  }

  /** Variables of the shell that runs the suite must not change it. */
  private static boolean isSetting(String variable) {
    return variable.startsWith("KANAL_")
        || variable.startsWith("KAFKA_")
        || variable.startsWith("COMPOSE_")
        || variable.startsWith("OTEL_");
  }

  private static List<String> read(Process process) {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (lines.size() > LINES_MAX) {
          lines.removeFirst();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
