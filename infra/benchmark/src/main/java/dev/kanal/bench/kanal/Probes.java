package dev.kanal.bench.kanal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.bench.http.Answer;
import dev.kanal.bench.http.Exchange;
import dev.kanal.bench.http.Upload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Sends probes to a server over REST, on a connection that is kept. Belongs to one thread. */
public final class Probes implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WAIT = "Prefer: wait=5\r\n";
  private static final String DATA =
      "x".repeat(Jobs.PAYLOAD_BYTES - "{\"due\":,\"data\":\"\"}".length() - 16);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** Enough to submit all of them in bulk before the first is due. */
  private static final Duration AHEAD = Duration.ofSeconds(2);

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final InetSocketAddress server;
  private final Exchange exchange;

  public Probes(InetSocketAddress server) throws IOException {
    this.server = server;
    this.exchange = new Exchange(server);
  }

  /** Submits a probe, and returns once it is accepted. */
  public void submit(long dueMicros) throws IOException {
    send(dueMicros, "");
  }

  /**
   * Submits a probe to a queue.
   *
   * @return whether it was accepted; false if it is refused for a while
   */
  public boolean offer(String queue, long dueMicros) throws IOException {
    Answer answer = exchange(probe(dueMicros, ",\"queue\":\"" + queue + "\""), "");
    if (answer.status() == 429 || answer.status() == 503) {
      return false;
    }
    checkAccepted(answer);
    return true;
  }

  /**
   * Submits a probe, and returns once its end is known.
   *
   * @throws IOException also if it has not succeeded within 5 seconds
   */
  public void submitAndWait(long dueMicros) throws IOException {
    Answer answer = send(dueMicros, WAIT);
    if (!answer.body().contains("SUCCEEDED")) {
      throw new IOException("Expected a probe that has succeeded, but found " + answer);
    }
  }

  /**
   * Probes that are submitted in bulk, ahead, and are due one after the other: how long after that
   * they start.
   *
   * @param count rounded up to a multiple of {@value Upload#CHUNK_LINES}
   */
  public Latencies.Summary dueAt(int perSecond, int count)
      throws IOException, InterruptedException {
    Instant first = InstantSource.system().instant().plus(AHEAD);
    Duration each = Duration.ofSeconds(1).dividedBy(perSecond);
    int chunks = Math.ceilDiv(count, Upload.CHUNK_LINES);
    List<String> lines =
        IntStream.range(0, chunks * Upload.CHUNK_LINES)
            .mapToObj(i -> probe(first.plus(each.multipliedBy(i))))
            .toList();
    return await(new Upload(server, lines).send(lines.size(), 1));
  }

  /** What the server's probes noted since the last reset; this call resets as well. */
  public Latencies.Summary reset() throws IOException {
    return report(true);
  }

  /**
   * Waits until {@code count} probes have started, and returns and resets what they measured. Opens
   * a connection for it, since the server closes one whose first request takes over ten seconds.
   */
  public static Latencies.Summary await(InetSocketAddress server, long count) throws IOException {
    try (Probes probes = new Probes(server)) {
      return probes.await(count);
    }
  }

  /** What the server's probes noted, once {@code count} have started; forgets it. */
  public Latencies.Summary await(long count) throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    for (long seen = report(false).count(); seen < count; seen = report(false).count()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("Expected " + count + " probes to start, but only " + seen + " did");
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    return report(true);
  }

  @Override
  public void close() throws IOException {
    exchange.close();
  }

  private Answer send(long dueMicros, String headers) throws IOException {
    return post(probe(dueMicros, ""), headers);
  }

  /** A probe that is to start when it is due. */
  private static String probe(Instant due) {
    long micros = TimeUnit.SECONDS.toMicros(due.getEpochSecond()) + due.getNano() / 1_000;
    return probe(micros, ",\"runAt\":\"" + due + "\"");
  }

  /**
   * @param options further fields, each after a comma
   */
  private static String probe(long dueMicros, String options) {
    return "{\"type\":\"probe\",\"payload\":{\"due\":%d,\"data\":\"%s\"}%s}"
        .formatted(dueMicros, DATA, options);
  }

  private Latencies.Summary report(boolean reset) throws IOException {
    Answer answer =
        post("{\"type\":\"probe-report\",\"payload\":{\"reset\":%s}}".formatted(reset), WAIT);
    JsonNode result = JSON.readTree(answer.body()).path("result");
    if (!result.has("p50")) {
      throw new IOException("Expected a report, but found " + answer);
    }
    return JSON.treeToValue(result, Latencies.Summary.class);
  }

  private Answer post(String body, String headers) throws IOException {
    Answer answer = exchange(body, headers);
    checkAccepted(answer);
    return answer;
  }

  private Answer exchange(String body, String headers) throws IOException {
    return exchange.send(
        Exchange.request("POST", "/v1/jobs", headers, body.getBytes(StandardCharsets.UTF_8)));
  }

  private static void checkAccepted(Answer answer) throws IOException {
    if (answer.status() / 100 != 2) {
      throw new IOException("Expected an accepted job, but found " + answer);
    }
  }
}
