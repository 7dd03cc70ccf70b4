package dev.kanal.bench.cost;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.latency.OpenLoop;
import dev.kanal.bench.latency.SubmitCalls;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.time.Duration;

/**
 * Jobs that come one by one.
 *
 * @param perSecond the rate
 */
record SteadyLoad(int perSecond) implements Contender.Run {
  private static final int CONNECTIONS = 64;

  @Override
  public Measures of(Trial trial) throws Exception {
    OpenLoop loop = new OpenLoop(perSecond, CONNECTIONS);
    Duration time = Duration.ofSeconds(trial.size(20, 4));
    try (Server server = Server.up(trial.directory())) {
      Jobs jobs = new Jobs(server, "default");
      long warm = loop.run(time, () -> SubmitCalls.open(server));
      jobs.awaitSucceeded(warm);
      Use before = Use.of(server);
      long sent = loop.run(time, () -> SubmitCalls.open(server));
      jobs.awaitSucceeded(warm + sent);
      return Cost.perJob(Use.of(server).since(before), sent);
    }
  }
}
