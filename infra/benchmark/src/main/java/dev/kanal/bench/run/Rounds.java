package dev.kanal.bench.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs a benchmark: in each round every contender once, so that what disturbs the machine disturbs
 * all alike.
 */
public final class Rounds {
  /** Of a trial, as JSON: values by column. */
  public static final String RESULT = "result.json";

  private final TrialProcess process;
  private final PrintWriter out;
  private final boolean quick;
  private final int rounds;

  /**
   * @param trials the program that runs one: given the benchmark, the contender, whether it is
   *     scaled down, and a directory, it writes what it measured to {@link #RESULT} there
   * @param logs where the output of trials is kept
   */
  public Rounds(Class<?> trials, Path logs, PrintWriter out, boolean quick, int rounds) {
    this.process = new TrialProcess(trials, logs);
    this.out = out;
    this.quick = quick;
    this.rounds = rounds;
  }

  public Figures run(Benchmark benchmark) throws InterruptedException {
    Figures figures = new Figures(benchmark);
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : benchmark.contenders()) {
        String missing = contender.missing().get();
        if (missing.isEmpty()) {
          run(contender, round, figures);
        } else {
          figures.remark(contender.name(), "skipped, " + missing);
        }
      }
    }
    return figures;
  }

  private void run(Contender contender, int round, Figures figures) throws InterruptedException {
    Benchmark benchmark = figures.benchmark();
    out.printf("%s, round %d of %d: %s ", benchmark.name(), round, rounds, contender.name());
    out.flush();
    long begun = System.nanoTime();
    try {
      Map<String, Double> measured = process.run(benchmark, contender, quick, round);
      figures.add(contender.name(), measured);
      out.printf("%s in %d s%n", measured, (System.nanoTime() - begun) / 1_000_000_000);
    } catch (IOException e) {
      figures.fail(contender.name(), "round " + round + " failed");
      out.println("failed: " + e.getMessage());
    }
  }
}
