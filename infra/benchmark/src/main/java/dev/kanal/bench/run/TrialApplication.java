package dev.kanal.bench.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.bench.Benchmarks;
import java.nio.file.Path;

/** The process of one trial; leaves what it measured in a file. */
public final class TrialApplication {
  static final String RESULT = "result.json";

  private TrialApplication() {}

  public static void main(String[] arguments) throws Exception {
    Benchmark benchmark = Benchmarks.named(arguments[0]);
    Path directory = Path.of(arguments[3]);
    Trial trial = new Trial(directory, Boolean.parseBoolean(arguments[2]));
    Measures measures = benchmark.contender(arguments[1]).run().of(trial);
    new ObjectMapper().writeValue(directory.resolve(RESULT).toFile(), measures.values());
    // Threads that a library leaves behind do not keep the process.
    System.exit(0);
  }
}
