package dev.kanal.bench.cost;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Nothing to do.
 *
 * @param queues that have had jobs
 */
record Idle(int queues) implements Contender.Run {
  private static final int JOBS_EACH = 100;

  @Override
  public Measures of(Trial trial) throws Exception {
    Duration quiet = Duration.ofSeconds(trial.size(20, 5));
    Duration time = Duration.ofSeconds(trial.size(30, 5));
    try (Server server = Server.up(trial.directory())) {
      for (int queue = 0; queue < queues; queue++) {
        Jobs jobs = new Jobs(server, "queue-" + queue);
        jobs.awaitSucceeded(jobs.submit(JOBS_EACH, ""));
      }
      LockSupport.parkNanos(quiet.toNanos());
      Measures measures = new Measures();
      Cost.putIdle(measures, server, time);
      return measures;
    }
  }
}
