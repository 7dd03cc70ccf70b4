package dev.kanal.bench.endtoend;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;

/** {@code ./kanal up}: over REST until the queue's own count says that all have succeeded. */
final class KanalWholeWay implements Contender.Run {
  @Override
  public Measures of(Trial trial) throws Exception {
    try (Server server = Server.up(trial.directory())) {
      return Way.measure(
          new OverRest(server, new Jobs(server, "default")),
          EndToEnd.warmUp(trial),
          EndToEnd.jobs(trial));
    }
  }

  private record OverRest(Server server, Jobs jobs) implements Way {
    @Override
    public long submit(int count) throws IOException, InterruptedException {
      return jobs.submit(count, "");
    }

    @Override
    public void awaitEnd(long count) throws IOException {
      jobs.awaitSucceeded(count);
    }

    @Override
    public double cpuSeconds() {
      return server.cpuSeconds();
    }
  }
}
