package dev.kanal.bench.telemetry;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.latency.OpenLoop;
import dev.kanal.bench.latency.SubmitCalls;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.time.Duration;
import java.util.Map;

/**
 * A thousand jobs a second, each submitted by a call of its own.
 *
 * @param traced whether every trace is kept
 */
record SteadyCost(boolean traced) implements Contender.Run {
  private static final int PER_SECOND = 1_000;
  private static final int CONNECTIONS = 64;

  /** Of a job that runs at once: call, send, decide, wait, process, settle. */
  private static final int SPANS_EACH = 6;

  @Override
  public Measures of(Trial trial) throws Exception {
    OpenLoop loop = new OpenLoop(PER_SECOND, CONNECTIONS);
    try (SpanCounter counter = new SpanCounter();
        Server server = Server.up(trial.directory(), traced ? counter.variables() : Map.of())) {
      Jobs jobs = new Jobs(server, "default");
      long warm = loop.run(Duration.ofSeconds(trial.size(20, 3)), () -> SubmitCalls.open(server));
      jobs.awaitSucceeded(warm);
      long spansBefore = counter.await(traced ? warm * SPANS_EACH : 0);
      double cpuBefore = server.cpuSeconds();
      long sent = loop.run(Duration.ofSeconds(trial.size(40, 5)), () -> SubmitCalls.open(server));
      jobs.awaitSucceeded(warm + sent);
      long expected = traced ? sent * SPANS_EACH : 0;
      long spans = counter.await(spansBefore + expected) - spansBefore;
      double cpu = server.cpuSeconds() - cpuBefore;
      Measures measures = new Measures().put(TelemetryCost.CPU, cpu * 1e6 / sent);
      return traced
          ? measures
              .put(TelemetryCost.SPANS, (double) spans / sent)
              .put(TelemetryCost.DROPPED, (double) (expected - spans))
          : measures;
    }
  }
}
