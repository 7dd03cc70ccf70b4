package dev.kanal.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Rounds;
import dev.kanal.bench.run.Trial;
import java.nio.file.Path;

/** The process of one trial; leaves what it measured in a file. */
public final class TrialApplication {
  private TrialApplication() {}

  public static void main(String[] arguments) throws Exception {
    Benchmark benchmark = Benchmarks.named(arguments[0]);
    Path directory = Path.of(arguments[3]);
    Trial trial = new Trial(directory, Boolean.parseBoolean(arguments[2]));
    Measures measures = benchmark.contender(arguments[1]).run().of(trial);
    new ObjectMapper().writeValue(directory.resolve(Rounds.RESULT).toFile(), measures.values());
    // Threads that a library leaves behind do not keep the process.
    System.exit(0);
  }
}
