package dev.kanal.bench.kanal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.bench.http.Answer;
import dev.kanal.bench.http.Exchange;
import dev.kanal.bench.http.Upload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Jobs of one queue of a server, as users see them: over REST. Belongs to one thread. */
public final class Jobs {
  /** The size of each job's payload, in bytes; its text is padded to that. */
  public static final int PAYLOAD_BYTES = 256;

  /** The interval between looks whether all have ended. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private static final Duration LONGEST = Duration.ofMinutes(25);
  private static final int CONNECTIONS = 2;

  private final ObjectMapper json = new ObjectMapper();
  private final InetSocketAddress server;
  private final String queue;

  public Jobs(Server server, String queue) {
    this.server = server.address();
    this.queue = queue;
  }

  /** The body of a no-op job. */
  public static String body(String queue, String options) {
    String empty = "{\"data\":\"\"}";
    return "{\"type\":\"noop\",\"queue\":\"%s\",\"payload\":{\"data\":\"%s\"}%s}"
        .formatted(queue, "x".repeat(PAYLOAD_BYTES - empty.length()), options);
  }

  /**
   * Submits no-op jobs in bulk.
   *
   * @param options further fields, each after a comma; empty for none
   * @return how many; at least {@code count}
   */
  public long submit(long count, String options) throws IOException, InterruptedException {
    return new Upload(server, List.of(body(queue, options))).send(count, CONNECTIONS);
  }

  /**
   * Submits no-op jobs with {@code keys} keys in turn; some jobs of each key run at once.
   *
   * @param keys a multiple of 64
   */
  public long submitKeyed(long count, int keys, int keyLimit)
      throws IOException, InterruptedException {
    List<String> lines =
        IntStream.range(0, keys)
            .mapToObj(
                key -> body(queue, ",\"key\":\"k%d\",\"keyLimit\":%d".formatted(key, keyLimit)))
            .toList();
    return new Upload(server, lines).send(count, CONNECTIONS);
  }

  /** How many have succeeded so far, by the server's own count. */
  public long succeeded() throws IOException {
    try (Exchange exchange = new Exchange(server)) {
      return in("SUCCEEDED", exchange);
    }
  }

  /** Waits until {@code count} have succeeded. */
  public void awaitSucceeded(long count) throws IOException {
    await("SUCCEEDED", count);
  }

  /**
   * Waits until {@code count} wait for their time: then all accepted jobs have been decided about.
   */
  public void awaitScheduled(long count) throws IOException {
    await("SCHEDULED", count);
  }

  private void await(String state, long count) throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try (Exchange exchange = new Exchange(server)) {
      for (long there = in(state, exchange); there < count; there = in(state, exchange)) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "Expected " + count + " jobs that are " + state + ", but found " + there);
        }
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
      }
    }
  }

  private long in(String state, Exchange exchange) throws IOException {
    Answer answer = exchange.get("/v1/queues/" + queue);
    if (answer.status() == 404) {
      return 0;
    }
    if (answer.status() != 200) {
      throw new IOException("Expected the queue, but found " + answer);
    }
    JsonNode states = json.readTree(answer.body()).path("states");
    return states.path(state).asLong();
  }
}
