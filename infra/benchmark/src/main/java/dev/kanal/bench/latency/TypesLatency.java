package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.latency.OpenLoop.Caller;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.time.Duration;

/**
 * {@code ./kanal up}, whose worker has the handler of the jobs, and a worker that has not.
 *
 * @param queues that the latter takes
 */
record TypesLatency(String queues) implements Contender.Run {
  static final int PER_SECOND = 50;
  private static final int CONNECTIONS = 50;

  @Override
  public Measures of(Trial trial) throws Exception {
    OpenLoop loop = new OpenLoop(PER_SECOND, CONNECTIONS);
    try (Server server = Server.up(trial.directory())) {
      Process lacking = server.builtInWorker(queues);
      try {
        server.awaitWorkers(2);
        OpenLoop.Callers submit = () -> submit(server);
        Probes.await(server.address(), loop.run(Duration.ofSeconds(trial.size(20, 10)), submit));
        long sent = loop.run(Duration.ofSeconds(trial.size(20, 4)), submit);
        Measures measures = new Measures();
        Latency.putStart(measures, Probes.await(server.address(), sent));
        if (!lacking.isAlive()) {
          throw new IOException("Expected the second worker to live on, but it has ended");
        }
        return measures;
      } finally {
        lacking.destroy();
        lacking.waitFor();
      }
    }
  }

  private static Caller submit(Server server) throws IOException {
    return new KanalLatency.Submit(new Probes(server.address()));
  }
}
