package dev.kanal.bench.latency;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.bench.http.Exchange;
import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.rest.Endpoint;
import dev.kanal.bench.run.Child;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The bare prototype with HTTP in front: the limit.
 *
 * @param perSecond the rate
 */
record BareLatency(int perSecond) implements Contender.Run {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  @Override
  public Measures of(Trial trial) throws Exception {
    OpenLoop loop = OpenLoop.overHttp(perSecond);
    try (Child child = Child.start(BareApplication.class, trial.directory().toString())) {
      OpenLoop.Callers submit = () -> new KanalLatency.Submit(new Probes(child.address()));
      await(child.address(), loop.run(Latency.warmUp(trial), submit));
      long sent = loop.run(Latency.measured(trial), submit);
      Measures measures = new Measures();
      Latency.putStart(measures, await(child.address(), sent));
      return measures;
    }
  }

  private static Latencies.Summary await(InetSocketAddress address, long count) throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try (Exchange exchange = new Exchange(address)) {
      Latencies.Summary summary = report(exchange, "/report");
      while (summary.count() < count) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException("Expected " + count + " tasks, but only " + summary + " came");
        }
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
        summary = report(exchange, "/report");
      }
      return report(exchange, Endpoint.RESET);
    }
  }

  private static Latencies.Summary report(Exchange exchange, String path) throws IOException {
    return new ObjectMapper().readValue(exchange.get(path).body(), Latencies.Summary.class);
  }
}
