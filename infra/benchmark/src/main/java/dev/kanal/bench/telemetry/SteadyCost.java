package dev.kanal.bench.telemetry;

import dev.kanal.bench.http.Answer;
import dev.kanal.bench.http.Exchange;
import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.latency.OpenLoop;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    byte[] job =
        Exchange.request(
            "POST", "/v1/jobs", "", Jobs.body("default", "").getBytes(StandardCharsets.UTF_8));
    try (SpanCounter counter = new SpanCounter();
        Server server = Server.up(trial.directory(), traced ? counter.variables() : Map.of())) {
      Jobs jobs = new Jobs(server, "default");
      long warm = loop.run(Duration.ofSeconds(trial.size(20, 3)), () -> new Submit(server, job));
      jobs.awaitSucceeded(warm);
      long spansBefore = counter.await(traced ? warm * SPANS_EACH : 0);
      double cpuBefore = server.cpuSeconds();
      long sent = loop.run(Duration.ofSeconds(trial.size(40, 5)), () -> new Submit(server, job));
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

  /** Belongs to one thread at a time. */
  private static final class Submit implements OpenLoop.Caller {
    private final Exchange exchange;
    private final byte[] job;

    Submit(Server server, byte[] job) throws IOException {
      this.exchange = new Exchange(server.address());
      this.job = job;
    }

    @Override
    public void call(long dueMicros) throws IOException {
      Answer answer = exchange.send(job);
      if (answer.status() != 202) {
        throw new IOException("Expected an accepted job, but found " + answer);
      }
    }

    @Override
    public void close() throws IOException {
      exchange.close();
    }
  }
}
