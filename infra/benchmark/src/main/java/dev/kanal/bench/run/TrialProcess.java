package dev.kanal.bench.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs one trial in a JVM of its own, with a directory of its own. Belongs to one thread. */
final class TrialProcess {
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final int TOLD_LINES = 15;

  private final Class<?> program;
  private final Path logs;

  /**
   * @param program runs one trial
   * @param logs where the output of trials is kept
   */
  TrialProcess(Class<?> program, Path logs) {
    this.program = program;
    this.logs = logs;
  }

  /**
   * @throws IOException if the trial failed; its message holds the end of its output
   */
  Map<String, Double> run(Benchmark benchmark, Contender contender, boolean quick, int round)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("kanal-bench-");
    String name = benchmark.name() + "-" + contender.name() + "-" + round;
    Path log = logs.resolve(name.replace(' ', '-') + ".log");
    try {
      List<String> command =
          Jvm.command(
              Jvm.options(),
              program.getName(),
              benchmark.name(),
              contender.name(),
              Boolean.toString(quick),
              directory.toString());
      int status = status(command, log);
      Path result = directory.resolve(Rounds.RESULT);
      if (status != 0 || !Files.exists(result)) {
        throw new IOException("it ended with " + status + ":\n" + end(log));
      }
      return new ObjectMapper().readValue(result.toFile(), new TypeReference<>() {});
    } finally {
      delete(directory);
    }
  }

  private static int status(List<String> command, Path log)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Thread stop = new Thread(() -> stop(process));
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      process.getOutputStream().close();
      return process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) ? process.exitValue() : -1;
    } finally {
      stop(process);
      Runtime.getRuntime().removeShutdownHook(stop);
    }
  }

  /** The process and all that it has started. */
  private static void stop(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String end(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size()));
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(TrialProcess::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(File file) {
    // Files that a killed process still holds are left to the system.
    var _ = file.delete();
  }
}
