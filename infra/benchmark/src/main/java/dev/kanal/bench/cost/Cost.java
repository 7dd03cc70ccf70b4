package dev.kanal.bench.cost;

import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What a job costs, and what an idle process does. */
public final class Cost {
  private static final double MICROS = 1e6;
  private static final double PERCENT = 100;
  private static final double BYTES_PER_MIB = 1 << 20;
  private static final int MANY_QUEUES = 31;

  private static final Column RECORDS = Column.cost("records", "");
  private static final Column BYTES = Column.cost("bytes", "");
  private static final Column REQUESTS = Column.cost("requests", "");
  private static final Column SWITCHES = Column.cost("context switches", "");
  private static final Column RESIDENT = Column.cost("resident memory", "MiB");
  private static final Column THREADS = Column.cost("threads", "");

  private Cost() {}

  public static List<Benchmark> benchmarks() {
    return List.of(
        new Benchmark(
            "cost",
            "what a no-op job costs",
            new Benchmark.Sizes(
                "20 s after 20 s to warm up at the same rate; in bulk 300,000 jobs after as many",
                "4 s after 4 s to warm up at the same rate; in bulk 20,000 jobs after as many"),
            columns("µs"),
            List.of(
                Contender.of("200 a second", new SteadyLoad(200)),
                Contender.of("1,000 a second", new SteadyLoad(1_000)),
                Contender.of("5,000 a second", new SteadyLoad(5_000)),
                Contender.of("in bulk", new BatchLoad()))),
        new Benchmark(
            "idle",
            "what a process does a second that has run jobs and has nothing more to do",
            new Benchmark.Sizes(
                "30 s, beginning 20 s after the last of 100 jobs in each queue",
                "5 s, beginning 5 s after the last of 100 jobs in each queue"),
            idleColumns(),
            List.of(
                Contender.of("one queue", new Idle(1)),
                Contender.of(MANY_QUEUES + " queues", new Idle(MANY_QUEUES)))));
  }

  /** What was used for each of {@code count} jobs. */
  static Measures perJob(Use used, long count) {
    Measures measures = new Measures();
    put(measures, used, (double) count, "µs", MICROS);
    return measures;
  }

  /**
   * Puts what {@link #idleColumns} are for: what the server uses in a second of {@code time} from
   * now on, and what it has then.
   */
  public static void putIdle(Measures measures, Server server, Duration time)
      throws IOException, InterruptedException {
    Use before = Use.of(server);
    long begun = System.nanoTime();
    LockSupport.parkNanos(time.toNanos());
    Use used = Use.of(server).since(before);
    put(measures, used, (System.nanoTime() - begun) / 1e9, "%", PERCENT);
    measures
        .put(RESIDENT, server.residentBytes() / BYTES_PER_MIB)
        .put(THREADS, server.threads().size());
  }

  private static void put(Measures measures, Use used, double by, String unit, double scale) {
    measures
        .put(RECORDS, used.records() / by)
        .put(BYTES, used.bytes() / by)
        .put(REQUESTS, used.requests() / by)
        .put(SWITCHES, used.switches() / by)
        .put(all(unit), used.cpuOfAll() / by * scale);
    used.cpuSeconds().forEach((group, cpu) -> measures.put(of(group, unit), cpu / by * scale));
  }

  /** Of a process that has nothing to do; processor time in percent of a core. */
  public static List<Column> idleColumns() {
    List<Column> columns = new ArrayList<>(columns("%"));
    columns.add(RESIDENT);
    columns.add(THREADS);
    return columns;
  }

  private static List<Column> columns(String unit) {
    List<Column> columns = new ArrayList<>(List.of(RECORDS, BYTES, REQUESTS, SWITCHES, all(unit)));
    for (ThreadGroups group : ThreadGroups.values()) {
      columns.add(of(group, unit));
    }
    return columns;
  }

  private static Column all(String unit) {
    return Column.cost("processor without compilers", unit);
  }

  private static Column of(ThreadGroups group, String unit) {
    return Column.cost("… " + group.title(), unit);
  }
}
