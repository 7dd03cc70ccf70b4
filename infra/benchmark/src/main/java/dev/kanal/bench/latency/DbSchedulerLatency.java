package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.postgres.DbScheduler;
import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.nio.ByteBuffer;

/**
 * db-scheduler: from the call that schedules, in its own process, with immediate execution.
 *
 * @param perSecond the rate
 */
record DbSchedulerLatency(int perSecond) implements Contender.Run {
  static final int THREADS = 20;
  static final int CALLERS = 16;
  private static final int DATA_BYTES = 256;

  @Override
  public Measures of(Trial trial) throws Exception {
    Latencies starts = new Latencies();
    OpenLoop loop = new OpenLoop(perSecond, CALLERS);
    try (Postgres postgres = Postgres.start(trial.directory());
        DbScheduler scheduler =
            DbScheduler.start(
                postgres,
                THREADS,
                DbScheduler.POLL_OFTEN,
                data -> starts.note(ByteBuffer.wrap(data).getLong()))) {
      long warm = loop.run(Latency.warmUp(trial), () -> due -> submit(scheduler, due));
      Starts.await(starts, warm);
      starts.reset();
      long sent = loop.run(Latency.measured(trial), () -> due -> submit(scheduler, due));
      Starts.await(starts, sent);
      Measures measures = new Measures();
      Latency.putStart(measures, starts.summary());
      return measures;
    }
  }

  static void submit(DbScheduler scheduler, long due) {
    scheduler.submit(data(due));
  }

  static byte[] data(long due) {
    return ByteBuffer.allocate(DATA_BYTES).putLong(due).array();
  }
}
