package dev.kanal.bench.worker;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import java.util.List;

/** A topic full of tasks, from the first that a handler gets to the last outcome. */
public final class TopicOfTasks {
  static final Column NOOP = Column.rate("no-op", "tasks/s");
  static final Column SLEEP = Column.rate("10 ms asleep", "tasks/s");

  /** How many tasks a contender may have in hand at once. */
  static final int SLOTS = 1_000;

  private static final String AT_ONCE =
      "1,000 at once; Parallel Consumer 200 of the no-op ones, with which it is faster, and with"
          + " Kafka's client 4.3.1, as it does not work with a newer one.";

  private TopicOfTasks() {}

  public static Benchmark benchmark() {
    return new Benchmark(
        "worker",
        "tasks with 256 bytes that wait in a topic, run, and their outcomes in Kafka",
        new Benchmark.Sizes(
            "300,000 no-op tasks after 100,000 to warm up, 60,000 asleep after 20,000; " + AT_ONCE,
            "50,000 no-op tasks after 30,000 to warm up, 20,000 asleep after 5,000; " + AT_ONCE),
        List.of(NOOP, SLEEP),
        List.of(
            Contender.of("kanal", new WorkerTrial(new KanalCrew())),
            Contender.of(
                "Parallel Consumer unordered",
                new WorkerTrial(new ParallelCrew(ParallelCrew.Order.UNORDERED))),
            Contender.of(
                "Parallel Consumer by key",
                new WorkerTrial(new ParallelCrew(ParallelCrew.Order.KEY))),
            Contender.of("bare share consumer", new WorkerTrial(new ShareCrew()))));
  }
}
