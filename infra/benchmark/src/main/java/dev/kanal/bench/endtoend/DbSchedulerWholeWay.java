package dev.kanal.bench.endtoend;

import dev.kanal.bench.postgres.DbScheduler;
import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * db-scheduler: until every task was executed and the table is empty, since it deletes what has
 * ended. Two threads submit in batches while it executes.
 */
final class DbSchedulerWholeWay implements Contender.Run {
  private static final int THREADS = 20;
  private static final int SUBMITTERS = 2;
  private static final int BATCH = 500;
  private static final int DATA_BYTES = 256;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Override
  public Measures of(Trial trial) throws Exception {
    try (Postgres postgres = Postgres.start(trial.directory());
        DbScheduler scheduler = DbScheduler.start(postgres, THREADS, data -> {})) {
      long before = submit(scheduler, EndToEnd.warmUp(trial));
      awaitEnd(scheduler, before);
      long begun = System.nanoTime();
      long sent = submit(scheduler, EndToEnd.jobs(trial));
      double submitSeconds = (System.nanoTime() - begun) / 1e9;
      awaitEnd(scheduler, before + sent);
      double seconds = (System.nanoTime() - begun) / 1e9;
      return new Measures()
          .put(EndToEnd.RATE, sent / seconds)
          .put(EndToEnd.SUBMIT, sent / submitSeconds);
    }
  }

  /** Answers how many; at least {@code count}. */
  private static long submit(DbScheduler scheduler, int count) {
    int batches = Math.ceilDiv(count, BATCH * SUBMITTERS);
    CompletableFuture.allOf(
            Stream.generate(() -> CompletableFuture.runAsync(() -> batches(scheduler, batches)))
                .limit(SUBMITTERS)
                .toArray(CompletableFuture<?>[]::new))
        .join();
    return (long) batches * BATCH * SUBMITTERS;
  }

  private static void batches(DbScheduler scheduler, int batches) {
    for (int i = 0; i < batches; i++) {
      scheduler.submit(BATCH, new byte[DATA_BYTES]);
    }
  }

  private static void awaitEnd(DbScheduler scheduler, long count) throws IOException, SQLException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (scheduler.executed() < count || !scheduler.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "Expected " + count + " tasks to end, but only " + scheduler.executed() + " did");
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
