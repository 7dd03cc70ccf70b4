package dev.kanal.bench;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Figures;
import dev.kanal.bench.run.ResultFile;
import dev.kanal.bench.run.Rounds;
import dev.kanal.bench.run.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs benchmarks and prints what they measured. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Kanal beside what one would use in its place, on this machine.")
final class BenchCommand implements Callable<Integer> {
  private static final int ROUNDS = 3;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "Benchmarks to run; all if none is named.")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "Scaled down: all of it in less than ten minutes.")
  private boolean quick;

  @Option(
      names = "--rounds",
      description = "How often each contender runs; ${DEFAULT-VALUE} unless set, 1 with --quick.")
  private int rounds;

  @Option(
      names = "--only",
      paramLabel = "CONTENDER",
      description = "Runs only this contender, while one works on it; may be repeated.")
  private List<String> only = List.of();

  @Option(
      names = "--out",
      description = "Directory for bench.md, bench.json and the trials' output.")
  private Path directory = Path.of("target", "bench");

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    List<Benchmark> wanted = wanted();
    int times = rounds > 0 ? rounds : quick ? 1 : ROUNDS;
    Files.createDirectories(directory);
    Rounds runs = new Rounds(TrialApplication.class, directory, out, quick, times);
    Conditions conditions = Conditions.of(quick, times);
    List<Figures> all = new ArrayList<>();
    for (Benchmark benchmark : wanted) {
      all.add(runs.run(benchmark.only(only)));
    }
    List<String> report = new ArrayList<>(conditions.lines());
    all.forEach(figures -> report.addAll(Table.of(figures, quick)));
    report.forEach(out::println);
    out.flush();
    Files.write(directory.resolve("bench.md"), report);
    ResultFile.write(directory.resolve("bench.json"), conditions.byName(), all);
    return all.stream().allMatch(Figures::isComplete) ? 0 : 1;
  }

  private List<Benchmark> wanted() {
    if (rounds < 0) {
      throw new ParameterException(
          spec.commandLine(), "Expected --rounds of at least 1, but found " + rounds);
    }
    try {
      return names.isEmpty() ? Benchmarks.all() : names.stream().map(Benchmarks::named).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
