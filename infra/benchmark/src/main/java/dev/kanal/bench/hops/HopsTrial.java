package dev.kanal.bench.hops;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.latency.OpenLoop;
import dev.kanal.bench.latency.SubmitCalls;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Jobs that come one by one to {@code ./kanal up}.
 *
 * @param perSecond the rate
 */
record HopsTrial(int perSecond) implements Contender.Run {
  @Override
  public Measures of(Trial trial) throws Exception {
    OpenLoop loop = OpenLoop.overHttp(perSecond);
    Duration warm = Duration.ofSeconds(trial.size(20, 4));
    Duration time = Duration.ofSeconds(trial.size(20, 4));
    Path file = trial.directory().resolve("hops.jfr").toAbsolutePath();
    try (Server server = Server.up(trial.directory())) {
      Jobs jobs = new Jobs(server, "default");
      long first = loop.run(warm, () -> SubmitCalls.open(server));
      jobs.awaitSucceeded(first);
      server.startRecording(Recording.settings(trial.directory()).toAbsolutePath());
      long sent = loop.run(time, () -> SubmitCalls.open(server));
      jobs.awaitSucceeded(first + sent);
      server.stopRecording(file);
    }
    return Hops.measures(Journeys.of(Recording.read(file)));
  }
}
