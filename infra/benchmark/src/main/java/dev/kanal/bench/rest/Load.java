package dev.kanal.bench.rest;

import dev.kanal.bench.http.Answer;
import dev.kanal.bench.http.Exchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/** Sends one request after the other on each of many connections: a closed loop. */
final class Load {
  private static final int DIGITS = 3;
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;

  private final InetSocketAddress address;
  private final byte[] request;

  /**
   * @param body of every request
   */
  Load(InetSocketAddress address, byte[] body) {
    this.address = address;
    this.request = Exchange.request("POST", "/v1/jobs", "", body);
  }

  /** The duration of a run. */
  record Result(double rate, Histogram micros) {
    double millisAt(double percentile) {
      return micros.getValueAtPercentile(percentile) / 1e3;
    }
  }

  /** Returns when {@code count} requests are answered. */
  Result run(int count) throws Exception {
    AtomicInteger left = new AtomicInteger(count);
    List<Future<Histogram>> parts = new ArrayList<>();
    Histogram all = new Histogram(DIGITS);
    long begun = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(Rest.CONNECTIONS)) {
      for (int i = 0; i < Rest.CONNECTIONS; i++) {
        parts.add(threads.submit(() -> connection(left)));
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    for (Future<Histogram> part : parts) {
      all.add(part.get());
    }
    return new Result(count / seconds, all);
  }

  private Histogram connection(AtomicInteger left) throws IOException {
    Histogram micros = new Histogram(DIGITS);
    try (Exchange exchange = new Exchange(address)) {
      while (left.getAndDecrement() > 0) {
        long begun = System.nanoTime();
        Answer answer = exchange.send(request);
        micros.recordValue((System.nanoTime() - begun) / 1_000);
        if (answer.status() != CREATED && answer.status() != ACCEPTED) {
          throw new IOException("Expected the job to be accepted, but found " + answer);
        }
      }
    }
    return micros;
  }
}
