package dev.kanal.bench.endtoend;

import dev.kanal.bench.postgres.JobRunrServer;
import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** JobRunr: until its storage counts every job as succeeded. Fewer jobs than for the others. */
final class JobRunrWholeWay implements Contender.Run {
  private static final String DATA = "x".repeat(256);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Override
  public Measures of(Trial trial) throws Exception {
    try (Postgres postgres = Postgres.start(trial.directory());
        JobRunrServer server = JobRunrServer.start(postgres, data -> {})) {
      return Way.measure(
          new InBulk(postgres, server), trial.size(5_000, 2_000), trial.size(20_000, 5_000));
    }
  }

  private record InBulk(Postgres postgres, JobRunrServer server) implements Way {
    @Override
    public long submit(int count) {
      server.submit(count, DATA);
      return count;
    }

    @Override
    public void awaitEnd(long count) throws IOException {
      long deadline = System.nanoTime() + LONGEST.toNanos();
      for (long done = server.succeeded(); done < count; done = server.succeeded()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "Expected " + count + " jobs to succeed, but only " + done + " did");
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
