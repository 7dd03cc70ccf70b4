package dev.kanal.bench.cost;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;

/** Jobs that come as fast as they are taken. */
record BatchLoad() implements Contender.Run {
  @Override
  public Measures of(Trial trial) throws Exception {
    int count = trial.size(300_000, 20_000);
    try (Server server = Server.up(trial.directory())) {
      Jobs jobs = new Jobs(server, "default");
      long warm = jobs.submit(count, "");
      jobs.awaitSucceeded(warm);
      Use before = Use.of(server);
      long sent = jobs.submit(count, "");
      jobs.awaitSucceeded(warm + sent);
      return Cost.perJob(Use.of(server).since(before), sent);
    }
  }
}
