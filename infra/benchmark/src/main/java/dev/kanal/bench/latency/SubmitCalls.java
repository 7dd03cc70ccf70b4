package dev.kanal.bench.latency;

import dev.kanal.bench.http.Answer;
import dev.kanal.bench.http.Exchange;
import dev.kanal.bench.kanal.Jobs;
import dev.kanal.bench.kanal.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Submits no-op jobs one by one on a connection that is kept. Belongs to one thread at a time. */
public final class SubmitCalls implements OpenLoop.Caller {
  private final Exchange exchange;
  private final byte[] job;

  private SubmitCalls(Exchange exchange, byte[] job) {
    this.exchange = exchange;
    this.job = job;
  }

  public static SubmitCalls open(Server server) throws IOException {
    byte[] body = Jobs.body("default", "").getBytes(StandardCharsets.UTF_8);
    return new SubmitCalls(
        new Exchange(server.address()), Exchange.request("POST", "/v1/jobs", "", body));
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
