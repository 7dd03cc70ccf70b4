package dev.kanal.bench.telemetry;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import java.util.List;

/** What traces cost. */
public final class TelemetryCost {
  static final Column CPU = Column.cost("processor time", "µs/job");
  static final Column RATE = Column.rate("whole way", "jobs/s");
  static final Column SPANS = Column.rate("spans", "/job");
  static final Column DROPPED = Column.cost("dropped", "spans");

  private TelemetryCost() {}

  /** At a steady rate, and as fast as possible. */
  public static List<Benchmark> benchmarks() {
    return List.of(
        new Benchmark(
            "telemetry-steady",
            "no-op jobs over REST one by one at 1,000/s, without traces and with all of them kept",
            new Benchmark.Sizes(
                "40 s after 20 s to warm up; spans by OTLP over HTTP to a receiver in another process",
                "5 s after 3 s to warm up; spans by OTLP over HTTP to a receiver in another process"),
            List.of(CPU, SPANS, DROPPED),
            List.of(
                Contender.of("kanal", new SteadyCost(false)),
                Contender.of("all traces kept", new SteadyCost(true)))),
        new Benchmark(
            "telemetry-fast",
            "no-op jobs in bulk at full speed, without traces and with those of one job in 100 kept",
            new Benchmark.Sizes(
                "600,000 jobs after 300,000 to warm up; whether a trace is kept says the caller",
                "30,000 jobs after 20,000 to warm up; whether a trace is kept says the caller"),
            List.of(RATE, CPU),
            List.of(
                Contender.of("kanal", new FastCost(false)),
                Contender.of("1 % of traces kept", new FastCost(true)))));
  }
}
