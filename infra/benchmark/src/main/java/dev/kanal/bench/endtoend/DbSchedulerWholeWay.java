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
  /** Of 20 and 50, with a lower limit of 0.5 and 1.0, these and 1.0 measured best. */
  private static final int THREADS = 20;

  private static final int SUBMITTERS = 2;
  private static final int BATCH = 500;
  private static final int DATA_BYTES = 256;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Override
  public Measures of(Trial trial) throws Exception {
    try (Postgres postgres = Postgres.start(trial.directory());
        DbScheduler scheduler =
            DbScheduler.start(postgres, THREADS, DbScheduler.POLL_OFTEN, _ -> {})) {
      return Way.measure(
          new InBatches(postgres, scheduler), EndToEnd.warmUp(trial), EndToEnd.jobs(trial));
    }
  }

  private record InBatches(Postgres postgres, DbScheduler scheduler) implements Way {
    @Override
    public long submit(int count) {
      int batches = Math.ceilDiv(count, BATCH * SUBMITTERS);
      CompletableFuture.allOf(
              Stream.generate(() -> CompletableFuture.runAsync(() -> send(batches)))
                  .limit(SUBMITTERS)
                  .toArray(CompletableFuture<?>[]::new))
          .join();
      return (long) batches * BATCH * SUBMITTERS;
    }

    private void send(int batches) {
      for (int i = 0; i < batches; i++) {
        scheduler.submit(BATCH, new byte[DATA_BYTES]);
      }
    }

    @Override
    public void awaitEnd(long count) throws IOException, SQLException {
      long deadline = System.nanoTime() + LONGEST.toNanos();
      while (scheduler.executed() < count || !scheduler.isEmpty()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "Expected " + count + " tasks to end, but only " + scheduler.executed() + " did");
        }
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
      }
    }

    @Override
    public double cpuSeconds() {
      return Way.ownCpuSeconds() + postgres.cpuSeconds();
    }
  }
}
