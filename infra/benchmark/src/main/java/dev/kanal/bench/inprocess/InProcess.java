package dev.kanal.bench.inprocess;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Contender;
import java.util.List;

/** Loops inside one process. */
public final class InProcess {
  private InProcess() {}

  public static Benchmark benchmark() {
    return new Benchmark(
        "in-process",
        "threads, channels, locks, counters and maps, in nanoseconds of the clock for each "
            + "operation of all threads together",
        new Benchmark.Sizes(
            "JMH: 5 s to warm up and 5 s measured for each; locks, counters and maps with 4 "
                + "threads.",
            "JMH: 0.2 s to warm up and 0.4 s measured for each; locks, counters and maps with 4 "
                + "threads."),
        Loop.columns(),
        List.of(
            Contender.of("kanal", new JavaLoops()),
            new Contender("Go", GoLoops::missing, new GoLoops())));
  }
}
