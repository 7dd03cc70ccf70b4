package dev.kanal.bench.rest;

import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Child;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Single {@code POST /v1/jobs}. */
public final class Rest {
  static final int CONNECTIONS = 64;

  private static final Column RATE = Column.rate("accepted", "requests/s");
  private static final Column P50 = Column.cost("answered, p50", "ms");
  private static final Column P99 = Column.cost("answered, p99", "ms");

  /** So that accepting them is the only work. */
  private static final String LATER = ",\"delay\":\"1h\"";

  private Rest() {}

  public static Benchmark benchmark() {
    return new Benchmark(
        "rest",
        "single POST /v1/jobs with 256 bytes of payload, over 64 connections that are kept",
        new Benchmark.Sizes(
            "300,000 requests after 500,000 to warm up; all jobs wait for an hour.",
            "30,000 requests after 20,000 to warm up; all jobs wait for an hour."),
        List.of(RATE, P50, P99),
        List.of(
            Contender.of("kanal", Rest::kanal), Contender.of("bare endpoint", Rest::bareEndpoint)));
  }

  private static Measures kanal(Trial trial) throws Exception {
    try (Server server = Server.up(trial.directory())) {
      return measures(server.address(), trial);
    }
  }

  private static Measures bareEndpoint(Trial trial) throws Exception {
    String data = trial.directory().resolve("kafka").toString();
    try (Child server = Child.start(BareEndpointApplication.class, data)) {
      return measures(server.address(), trial);
    }
  }

  private static Measures measures(InetSocketAddress address, Trial trial) throws Exception {
    byte[] body = Jobs.body("default", LATER).getBytes(StandardCharsets.UTF_8);
    Load load = new Load(address, body);
    var _ = load.run(trial.size(500_000, 20_000));
    Load.Result result = load.run(trial.size(300_000, 30_000));
    return new Measures()
        .put(RATE, result.rate())
        .put(P50, result.millisAt(50))
        .put(P99, result.millisAt(99));
  }
}
