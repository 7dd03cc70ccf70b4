package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.latency.OpenLoop.Caller;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * {@code ./kanal up}: jobs submitted over REST one by one, each answered once it is accepted; then
 * at the same rate with {@code Prefer: wait}, each answered with its result.
 *
 * @param perSecond the rate
 */
record KanalLatency(int perSecond) implements Contender.Run {
  @Override
  public Measures of(Trial trial) throws Exception {
    OpenLoop loop = OpenLoop.overHttp(perSecond);
    try (Server server = Server.up(trial.directory())) {
      long warm = loop.run(Latency.warmUp(trial), () -> new Submit(new Probes(server.address())));
      Probes.await(server.address(), warm);
      Measures measures = new Measures();
      long sent = loop.run(Latency.measured(trial), () -> new Submit(new Probes(server.address())));
      Latency.putStart(measures, Probes.await(server.address(), sent));
      Latencies results = new Latencies();
      loop.run(Latency.measured(trial), () -> waiting(server.address(), results));
      Latency.putResult(measures, results.summary());
      return measures;
    }
  }

  private static Caller waiting(InetSocketAddress server, Latencies results) throws IOException {
    return new Wait(new Probes(server), results);
  }

  /** Submits probes that are due now. */
  record Submit(Probes probes) implements Caller {
    @Override
    public void call(long dueMicros) throws IOException {
      probes.submit(dueMicros);
    }

    @Override
    public void close() throws IOException {
      probes.close();
    }
  }

  private record Wait(Probes probes, Latencies results) implements Caller {
    @Override
    public void call(long dueMicros) throws IOException {
      probes.submitAndWait(dueMicros);
      results.note(dueMicros);
    }

    @Override
    public void close() throws IOException {
      probes.close();
    }
  }
}
