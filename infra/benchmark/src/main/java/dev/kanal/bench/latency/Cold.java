package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.postgres.DbScheduler;
import dev.kanal.bench.postgres.Postgres;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** The first minute of a process, which nothing has warmed up. */
final class Cold {
  static final int PER_SECOND = 200;

  /** A third of the time each. */
  static final List<Latency.Times> TIMES =
      List.of(
          new Latency.Times("first third"),
          new Latency.Times("second third"),
          new Latency.Times("last third"));

  private Cold() {}

  static Measures kanal(Trial trial) throws Exception {
    OpenLoop loop = OpenLoop.overHttp(PER_SECOND);
    Measures measures = new Measures();
    try (Server server = Server.up(trial.directory())) {
      for (Latency.Times part : TIMES) {
        long sent =
            loop.run(part(trial), () -> new KanalLatency.Submit(new Probes(server.address())));
        part.put(measures, Probes.await(server.address(), sent));
      }
    }
    return measures;
  }

  static Measures dbScheduler(Trial trial) throws Exception {
    OpenLoop loop = new OpenLoop(PER_SECOND, DbSchedulerLatency.CALLERS);
    Latencies starts = new Latencies();
    Measures measures = new Measures();
    try (Postgres postgres = Postgres.start(trial.directory());
        DbScheduler scheduler =
            DbScheduler.start(
                postgres,
                DbSchedulerLatency.THREADS,
                DbScheduler.POLL_OFTEN,
                data -> starts.note(ByteBuffer.wrap(data).getLong()))) {
      for (Latency.Times part : TIMES) {
        long sent = loop.run(part(trial), () -> due -> DbSchedulerLatency.submit(scheduler, due));
        Starts.await(starts, sent);
        part.put(measures, starts.summary());
        starts.reset();
      }
    }
    return measures;
  }

  private static Duration part(Trial trial) {
    return Duration.ofSeconds(trial.size(20, 2));
  }
}
