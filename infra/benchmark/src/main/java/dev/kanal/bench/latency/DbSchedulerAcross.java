package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.postgres.DbScheduler;
import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Child;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * db-scheduler as a cluster uses it: one process takes HTTP and submits, another executes what it
 * finds when it polls.
 *
 * @param perSecond the rate
 */
record DbSchedulerAcross(int perSecond) implements Contender.Run {
  /** A tenth of its default. */
  private static final Duration POLL_EVERY = Duration.ofSeconds(1);

  @Override
  public Measures of(Trial trial) throws Exception {
    Latencies starts = new Latencies();
    OpenLoop loop = OpenLoop.overHttp(perSecond);
    try (Postgres postgres = Postgres.start(trial.directory());
        DbScheduler _ =
            DbScheduler.start(
                postgres,
                DbSchedulerLatency.THREADS,
                POLL_EVERY,
                data -> starts.note(ByteBuffer.wrap(data).getLong()));
        Child child = Child.start(DbSubmitApplication.class, postgres.url())) {
      OpenLoop.Callers submit = () -> new KanalLatency.Submit(new Probes(child.address()));
      long warm = loop.run(Latency.warmUp(trial), submit);
      Starts.await(starts, warm);
      starts.reset();
      Starts.await(starts, loop.run(Latency.measured(trial), submit));
      Measures measures = new Measures();
      Latency.putStart(measures, starts.summary());
      return measures;
    }
  }
}
