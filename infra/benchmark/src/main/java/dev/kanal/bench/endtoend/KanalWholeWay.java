package dev.kanal.bench.endtoend;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;

/** {@code ./kanal up}: over REST until the queue's own count says that all have succeeded. */
final class KanalWholeWay implements Contender.Run {
  @Override
  public Measures of(Trial trial) throws Exception {
    try (Server server = Server.up(trial.directory())) {
      Jobs jobs = new Jobs(server, "default");
      long before = jobs.submit(EndToEnd.warmUp(trial), "");
      jobs.awaitSucceeded(before);
      double cpuBefore = server.cpuSeconds();
      long begun = System.nanoTime();
      long sent = jobs.submit(EndToEnd.jobs(trial), "");
      double submitSeconds = (System.nanoTime() - begun) / 1e9;
      jobs.awaitSucceeded(before + sent);
      double seconds = (System.nanoTime() - begun) / 1e9;
      return new Measures()
          .put(EndToEnd.RATE, sent / seconds)
          .put(EndToEnd.SUBMIT, sent / submitSeconds)
          .put(EndToEnd.CPU, (server.cpuSeconds() - cpuBefore) * 1e6 / sent);
    }
  }
}
