package dev.kanal.bench.growth;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import java.util.List;

/** How the rate changes with what is kept, with processes, with shards, and with keys. */
public final class Growth {
  static final Column RATE = Column.rate("whole way", "jobs/s");

  private static final Setup PLAIN = new Setup(10_000, 10_000, 1, 16, false);

  private Growth() {}

  public static Benchmark benchmark() {
    return new Benchmark(
        "growth",
        "no-op jobs the whole way, beside jobs that are kept and with other layouts",
        new Benchmark.Sizes(
            "100,000 jobs; 10,000 kept, one worker process and 16 shards unless said otherwise.",
            "20,000 jobs; 10,000 kept (20,000 and 40,000 where millions are said), one worker"
                + " process and 16 shards unless said otherwise."),
        List.of(RATE),
        List.of(
            Contender.of("10,000 kept", new GrowthTrial(PLAIN)),
            Contender.of("1,000,000 kept", new GrowthTrial(PLAIN.keeping(1_000_000, 20_000))),
            Contender.of("10,000,000 kept", new GrowthTrial(PLAIN.keeping(10_000_000, 40_000))),
            Contender.of("1,024 keys, keyLimit 10", new GrowthTrial(PLAIN.withKeys())),
            Contender.of("2 worker processes", new GrowthTrial(PLAIN.withWorkers(2))),
            Contender.of("4 worker processes", new GrowthTrial(PLAIN.withWorkers(4))),
            Contender.of("8 shards", new GrowthTrial(PLAIN.withShards(8))),
            Contender.of("64 shards", new GrowthTrial(PLAIN.withShards(64)))));
  }
}
