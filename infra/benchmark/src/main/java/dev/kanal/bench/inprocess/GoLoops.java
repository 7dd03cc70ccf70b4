package dev.kanal.bench.inprocess;

import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The loops of a program in Go, which is compiled and run by the {@code go} of this machine. */
final class GoLoops implements Contender.Run {
  private static final String PROGRAM = "/inprocess/loops.go.txt";
  private static final String PARKED = "parked";

  static String missing() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "go")))
        ? ""
        : "there is no go on the path";
  }

  @Override
  public Measures of(Trial trial) throws Exception {
    Path program = trial.directory().resolve("loops.go");
    try (InputStream source = GoLoops.class.getResourceAsStream(PROGRAM)) {
      Files.copy(Objects.requireNonNull(source, PROGRAM), program);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            "go", "run", program.toString(), Integer.toString(trial.size(5_000, 400)));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    // A cache of its own, so that nothing is left behind.
    builder.environment().put("GOCACHE", trial.directory().resolve("go-cache").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("Expected the program in Go to end well, but it said " + output);
    }
    return measures(output);
  }

  /** From lines with a name and a number. */
  private static Measures measures(String output) {
    Map<String, Column> columns =
        Arrays.stream(Loop.values()).collect(Collectors.toMap(Loop::method, Loop::column));
    Function<String, Column> column =
        name -> name.equals(PARKED) ? Loop.PARKED : Objects.requireNonNull(columns.get(name), name);
    Measures measures = new Measures();
    output
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(part -> measures.put(column.apply(part[0]), Double.parseDouble(part[1])));
    return measures;
  }
}
