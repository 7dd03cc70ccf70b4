package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.postgres.JobRunrServer;
import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;

/**
 * JobRunr: from the call that enqueues, in its own process.
 *
 * @param perSecond the rate
 */
record JobRunrLatency(int perSecond) implements Contender.Run {
  private static final int CALLERS = 16;
  private static final String DATA = " ".repeat(240);

  @Override
  public Measures of(Trial trial) throws Exception {
    Latencies starts = new Latencies();
    OpenLoop loop = new OpenLoop(perSecond, CALLERS);
    try (Postgres postgres = Postgres.start(trial.directory());
        JobRunrServer server =
            JobRunrServer.start(postgres, data -> starts.note(Long.parseLong(data.strip())))) {
      long warm = loop.run(Latency.warmUp(trial), () -> due -> server.submit(due + DATA));
      Starts.await(starts, warm);
      starts.reset();
      long sent = loop.run(Latency.measured(trial), () -> due -> server.submit(due + DATA));
      Starts.await(starts, sent);
      Measures measures = new Measures();
      Latency.putStart(measures, starts.summary());
      return measures;
    }
  }
}
