package dev.kanal.bench.growth;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;

/**
 * No-op jobs over REST until the queue's own count says that all have succeeded.
 *
 * @param setup what it is measured with
 */
record GrowthTrial(Setup setup) implements Contender.Run {
  private static final int PER_SECOND = 200;
  private static final int KEYS = 1_024;
  private static final int KEY_LIMIT = 10;

  @Override
  public Measures of(Trial trial) throws Exception {
    try (Server server = Server.up(trial.directory(), "--engine.shards=" + setup.shards())) {
      for (int more = 1; more < setup.workers(); more++) {
        var _ = server.worker();
      }
      Jobs jobs = new Jobs(server, "default");
      // The same for all contenders, so that code is compiled alike.
      long before = submit(jobs, trial.size(200_000, 20_000));
      jobs.awaitSucceeded(before);
      int kept = trial.size(setup.kept(), setup.scaledDown());
      if (kept > before) {
        before += jobs.submit(kept - before, "");
        jobs.awaitSucceeded(before);
      }
      long begun = System.nanoTime();
      long sent = submit(jobs, trial.size(100_000, 20_000));
      jobs.awaitSucceeded(before + sent);
      Measures measures =
          new Measures().put(Growth.RATE, sent / ((System.nanoTime() - begun) / 1e9));
      return setup.workers() == 1 ? latency(trial, server, measures) : measures;
    }
  }

  /** Each worker process counts its own probes, so that there can be only one. */
  private static Measures latency(Trial trial, Server server, Measures measures)
      throws IOException, InterruptedException {
    try (Probes probes = new Probes(server.address())) {
      probes.dueAt(PER_SECOND, PER_SECOND);
      Latencies.Summary late = probes.dueAt(PER_SECOND, PER_SECOND * trial.size(10, 3));
      return measures.put(Growth.P50, late.p50()).put(Growth.P99, late.p99());
    }
  }

  private long submit(Jobs jobs, long count) throws IOException, InterruptedException {
    return setup.hasKeys() ? jobs.submitKeyed(count, KEYS, KEY_LIMIT) : jobs.submit(count, "");
  }
}
