package dev.kanal.bench.timers;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import java.util.ArrayList;
import java.util.List;

/** What waiting jobs cost, and how late jobs start while many wait. */
public final class Timers {
  static final Column P50 = Column.cost("late p50", "ms");
  static final Column P99 = Column.cost("late p99", "ms");
  static final Column MAX = Column.cost("late at most", "ms");
  static final Column HEAP = Column.cost("heap in use", "MiB");
  static final Column DISK = Column.cost("disk for each waiting job", "bytes");
  static final Column ACCEPT = Column.rate("accepted", "jobs/s");

  private Timers() {}

  public static Benchmark benchmark() {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(Contender.of("few waiting", new TimersTrial(10_000, 10_000)));
    contenders.add(Contender.of("many waiting", new TimersTrial(1_000_000, 100_000)));
    contenders.add(Contender.of("most waiting", new TimersTrial(5_000_000, 200_000)));
    return new Benchmark(
        "timers",
        "from when a job is due until its handler starts, while others wait for three hours",
        new Benchmark.Sizes(
            "500 jobs/s are due for 20 s; few are 10,000, many 1,000,000, most 5,000,000.",
            "500 jobs/s are due for 5 s; few are 10,000, many 100,000, most 200,000."),
        List.of(P50, P99, MAX, HEAP, DISK, ACCEPT),
        contenders);
  }
}
