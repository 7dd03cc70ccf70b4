package dev.kanal.bench.queues;

import dev.kanal.bench.cost.Cost;
import dev.kanal.bench.latency.Latency;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import java.util.ArrayList;
import java.util.List;

/** What it takes to have many queues, most of which have nothing to do. */
public final class Queues {
  static final Column MADE = Column.rate("made in bursts", "queues/s");
  static final Column FIRST = Column.cost("first job after its queue was made, p99", "ms");
  static final Column REFUSED = Column.cost("refused for a while", "");
  static final Column UNREADY = Column.cost("looks that found it not ready", "");

  private Queues() {}

  public static Benchmark benchmark() {
    List<Column> columns = new ArrayList<>(List.of(MADE, FIRST, REFUSED, UNREADY));
    columns.addAll(Latency.startColumns());
    columns.addAll(Cost.idleColumns());
    return new Benchmark(
        "queues",
        "many queues: made by their first jobs, then a first job in each after a pause, then idle",
        new Benchmark.Sizes(
            "A hundred at once, a job in each; after 30 s a probe in each, ten a second: from when"
                + " it is due until its handler starts; after 30 s more what the process does in"
                + " 30 s.",
            "The same with 20 and 60 queues, twenty at once, and 15 s in place of each 30 s."),
        columns,
        List.of(
            Contender.of("200 queues", new ManyQueues(200, 20)),
            Contender.of("1,000 queues", new ManyQueues(1_000, 60))));
  }
}
