package dev.kanal.bench.telemetry;

import dev.kanal.bench.http.Upload;
import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Jobs in bulk, as fast as possible.
 *
 * @param traced whether the traces of one job in 100 are kept
 */
record FastCost(boolean traced) implements Contender.Run {
  /** The number of lots in which jobs whose traces are kept come among the others. */
  private static final int LOTS = 10;

  private static final int CONNECTIONS = 2;
  private static final int ONE_IN = 100;
  private static final String PARENT =
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0%d\r\n";

  @Override
  public Measures of(Trial trial) throws Exception {
    try (SpanCounter counter = new SpanCounter();
        Server server = Server.up(trial.directory(), traced ? counter.variables() : Map.of())) {
      Jobs jobs = new Jobs(server, "default");
      long warm = submit(server, trial.size(300_000, 20_000));
      jobs.awaitSucceeded(warm);
      double cpuBefore = server.cpuSeconds();
      long begun = System.nanoTime();
      long sent = submit(server, trial.size(600_000, 30_000));
      jobs.awaitSucceeded(warm + sent);
      double seconds = (System.nanoTime() - begun) / 1e9;
      double cpu = server.cpuSeconds() - cpuBefore;
      return new Measures()
          .put(TelemetryCost.RATE, sent / seconds)
          .put(TelemetryCost.CPU, cpu * 1e6 / sent);
    }
  }

  private long submit(Server server, int count) throws IOException, InterruptedException {
    long sent = 0;
    for (int lot = 0; lot < LOTS; lot++) {
      int kept = traced ? count / LOTS / ONE_IN : 0;
      if (kept > 0) {
        sent += upload(server, PARENT.formatted(1)).send(kept, 1);
      }
      String headers = traced ? PARENT.formatted(0) : "";
      sent += upload(server, headers).send(count / LOTS - kept, CONNECTIONS);
    }
    return sent;
  }

  private static Upload upload(Server server, String headers) {
    return new Upload(server.address(), List.of(Jobs.body("default", "")), headers);
  }
}
