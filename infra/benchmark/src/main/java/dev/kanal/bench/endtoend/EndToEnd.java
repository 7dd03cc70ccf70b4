package dev.kanal.bench.endtoend;

import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Trial;
import java.util.List;

/** No-op jobs from submit to an end that can be read. */
public final class EndToEnd {
  static final Column RATE = Column.rate("whole way", "jobs/s");
  static final Column SUBMIT = Column.rate("of it, accepted", "jobs/s");

  /**
   * Of all threads, broker or database, compiler and garbage collector included; of rivals, whose
   * loader is in the same process, its part too.
   */
  static final Column CPU = Column.cost("processor time", "µs/job");

  private static final String DURABILITY =
      "Kafka with acks=all and without waiting for the disk, PostgreSQL with its default of a "
          + "disk write per commit; db-scheduler deletes a task at its end, the others keep it.";

  private EndToEnd() {}

  static int jobs(Trial trial) {
    return trial.size(600_000, 30_000);
  }

  static int warmUp(Trial trial) {
    return trial.size(300_000, 20_000);
  }

  public static Benchmark benchmark() {
    return new Benchmark(
        "end-to-end",
        "no-op jobs with 256 bytes, submitted in bulk, run, and their end readable",
        new Benchmark.Sizes(
            "600,000 jobs after 300,000 to warm up; JobRunr 20,000 after 5,000. " + DURABILITY,
            "30,000 jobs after 20,000 to warm up; JobRunr 5,000 after 2,000. " + DURABILITY),
        List.of(RATE, SUBMIT, CPU),
        List.of(
            Contender.of("kanal", new KanalWholeWay()),
            Contender.of("bare prototype", new BareWholeWay()),
            new Contender("db-scheduler", Postgres::missing, new DbSchedulerWholeWay()),
            new Contender("JobRunr", Postgres::missing, new JobRunrWholeWay())));
  }
}
