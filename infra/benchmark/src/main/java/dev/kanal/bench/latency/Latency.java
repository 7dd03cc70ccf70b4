package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How long jobs take to start and to answer, at several rates; a benchmark for each rate. */
public final class Latency {
  private static final int[] RATES = {50, 200, 1_000, 5_000};

  /** At higher rates JobRunr falls so far behind that its figures mean nothing. */
  private static final int JOB_RUNR_MAX = 200;

  private static final String RIVALS =
      "Kanal and the bare prototype over HTTP; db-scheduler and JobRunr called in their own"
          + " process; of two processes, one takes HTTP and submits, the other polls each second"
          + " (db-scheduler's default is 10 s) and executes.";

  private static final Times START = new Times("start");
  private static final Times RESULT = new Times("result");

  private Latency() {}

  /** In the order of the rates. */
  public static List<Benchmark> benchmarks() {
    return IntStream.of(RATES).mapToObj(Latency::benchmark).toList();
  }

  /** What a type pays for another worker of its queue that has no handler for it. */
  public static Benchmark types() {
    return new Benchmark(
        "types",
        "from when a job is due until its handler starts, with a worker that lacks it, at %d jobs/s"
            .formatted(TypesLatency.PER_SECOND),
        new Benchmark.Sizes(
            "1,000 jobs over REST after as many to warm up; two workers, of which one has the"
                + " handler: both take the same queue, or each has its own.",
            "200 jobs over REST after 500 to warm up; two workers, of which one has the handler:"
                + " both take the same queue, or each has its own."),
        startColumns(),
        List.of(
            Contender.of("one queue", new TypesLatency("*")),
            Contender.of("a queue each", new TypesLatency("other"))));
  }

  /** How soon a process is quick that has just started. */
  public static Benchmark cold() {
    List<Column> columns = new ArrayList<>();
    Cold.TIMES.forEach(times -> columns.addAll(times.columns()));
    return new Benchmark(
        "cold",
        "from when a job is due until its handler starts, at %d jobs/s from ready on"
            .formatted(Cold.PER_SECOND),
        new Benchmark.Sizes("60 s, in parts of 20 s.", "6 s, in parts of 2 s."),
        columns,
        List.of(
            Contender.of("kanal", Cold::kanal),
            new Contender("db-scheduler", Postgres::missing, Cold::dbScheduler)));
  }

  static Duration warmUp(Trial trial) {
    return Duration.ofSeconds(trial.size(10, 1));
  }

  static Duration measured(Trial trial) {
    return Duration.ofSeconds(trial.size(20, 4));
  }

  /** Of how long it takes until handlers start. */
  public static List<Column> startColumns() {
    return START.columns();
  }

  /** Puts what {@link #startColumns} are for. */
  public static void putStart(Measures measures, Latencies.Summary summary) {
    START.put(measures, summary);
  }

  static void putResult(Measures measures, Latencies.Summary summary) {
    RESULT.put(measures, summary);
  }

  private static Benchmark benchmark(int rate) {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(Contender.of("kanal", new KanalLatency(rate)));
    contenders.add(new Contender("db-scheduler", Postgres::missing, new DbSchedulerLatency(rate)));
    contenders.add(
        new Contender(
            "db-scheduler, two processes", Postgres::missing, new DbSchedulerAcross(rate)));
    contenders.add(Contender.of("bare prototype", new BareLatency(rate)));
    if (rate <= JOB_RUNR_MAX) {
      contenders.add(new Contender("JobRunr", Postgres::missing, new JobRunrLatency(rate)));
    }
    List<Column> columns = new ArrayList<>(startColumns());
    columns.addAll(RESULT.columns());
    return new Benchmark(
        "latency-" + rate,
        "from when a job is due until its handler starts and its result is back, at %,d jobs/s"
            .formatted(rate),
        new Benchmark.Sizes(
            "20 s after 10 s to warm up at the same rate; results by Prefer: wait, 20 s more. "
                + RIVALS,
            "4 s after 1 s to warm up at the same rate; results by Prefer: wait, 4 s more. "
                + RIVALS),
        columns,
        contenders);
  }

  /**
   * The columns of a time.
   *
   * @param name what it lasts to
   */
  record Times(String name) {
    List<Column> columns() {
      return List.of(column("p50"), column("p99"), column("p99.9"), column("max"));
    }

    void put(Measures measures, Latencies.Summary summary) {
      measures
          .put(column("p50"), summary.p50())
          .put(column("p99"), summary.p99())
          .put(column("p99.9"), summary.p999())
          .put(column("max"), summary.max());
    }

    private Column column(String percentile) {
      return Column.cost(name + " " + percentile, "ms");
    }
  }
}
