package dev.kanal.bench.growth;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import java.util.List;

/** How the rate changes with the number of kept jobs, processes and shards, and with keys. */
public final class Growth {
  static final Column RATE = Column.rate("whole way", "jobs/s");
  static final Column P50 = Column.cost("then due to start p50", "ms");
  static final Column P99 = Column.cost("then due to start p99", "ms");

  private static final Setup PLAIN = new Setup(10_000, 10_000, 1, 16, false);

  private Growth() {}

  public static Benchmark benchmark() {
    return new Benchmark(
        "growth",
        "no-op jobs the whole way, beside jobs that are kept and with other layouts",
        new Benchmark.Sizes(
            "100,000 jobs after 200,000 to warm up, then 200 jobs/s for 10 s; few are none beside"
                + " these, many 1,000,000, most 10,000,000; one worker process and 16 shards unless"
                + " said otherwise.",
            "20,000 jobs after 20,000, then 200 jobs/s for 3 s; few are none beside these, many"
                + " 40,000, most 80,000; one worker process and 16 shards unless said otherwise."),
        List.of(RATE, P50, P99),
        List.of(
            Contender.of("few kept", new GrowthTrial(PLAIN)),
            Contender.of("many kept", new GrowthTrial(PLAIN.keeping(1_000_000, 40_000))),
            Contender.of("most kept", new GrowthTrial(PLAIN.keeping(10_000_000, 80_000))),
            Contender.of("1,024 keys, keyLimit 10", new GrowthTrial(PLAIN.withKeys())),
            Contender.of("2 worker processes", new GrowthTrial(PLAIN.withWorkers(2))),
            Contender.of("4 worker processes", new GrowthTrial(PLAIN.withWorkers(4))),
            Contender.of("8 shards", new GrowthTrial(PLAIN.withShards(8))),
            Contender.of("64 shards", new GrowthTrial(PLAIN.withShards(64)))));
  }
}
