package dev.kanal.check.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of a check against one server. Close it from the thread that opened it. */
public final class Session implements AutoCloseable {
  /** How long after the deadline a request that still hangs is broken off. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  private static final String DEFAULT_PREFIX = "kanal";

  private final ObjectMapper json = new ObjectMapper();
  private final ServerOptions options;
  private final Console console;
  private final KanalClient client;
  private final Deadline deadline;
  private final Patience patience;
  private final ScheduledExecutorService watchdog =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("check-watchdog").factory());
  private final ScheduledFuture<?> abort;

  private Session(ServerOptions options, Console console) {
    this.options = options;
    this.console = console;
    this.client = new KanalClient(options.url());
    this.deadline = Deadline.after(options.timeout(), System::nanoTime);
    this.patience = new Patience(deadline, console, Pause.real(), System::nanoTime);
    this.abort =
        watchdog.schedule(
            client::abort, options.timeout().plus(LAST_ANSWERS).toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Waits until the server says that it is ready.
   *
   * @throws CheckStopped if nobody is there, or it does not become ready in time
   */
  public static Session open(ServerOptions options, Console console) throws InterruptedException {
    Session session = new Session(options, console);
    try {
      session.awaitReady();
      return session;
    } catch (InterruptedException | CheckStopped e) {
      session.close();
      throw e;
    }
  }

  public KanalClient client() {
    return client;
  }

  public Console console() {
    return console;
  }

  public Deadline deadline() {
    return deadline;
  }

  public Patience patience() {
    return patience;
  }

  /** What {@code /readyz} says about Kafka now; null if it does not answer or does not tell. */
  public @Nullable KafkaAddress kafka() throws InterruptedException {
    return switch (client.get("/readyz")) {
      case Answer.Away _ -> null;
      case Answer.Got got -> readKafka(got.body());
    };
  }

  @Override
  public void close() {
    abort.cancel(false);
    watchdog.shutdownNow();
    client.close();
  }

  private void awaitReady() throws InterruptedException {
    for (int tries = 1; ; tries++) {
      switch (client.get("/readyz")) {
        case Answer.Got got when got.status() == 200 -> {
          patience.answered();
          return;
        }
        case Answer.Got got ->
            throw new CheckStopped(
                "Expected a Kanal server at %s, but its /readyz answers %d. Is --url right?"
                    .formatted(options.url(), got.status()));
        case Answer.Away away -> awaitNext(away, tries);
      }
    }
  }

  private void awaitNext(Answer.Away away, int tries) throws InterruptedException {
    if (!away.mayHaveArrived() && away.retryAfter() == null && tries == 1) {
      throw new CheckStopped(
          "Expected a Kanal server at %s, but: %s. Start one with ./kanal up, or name another with --url."
              .formatted(options.url(), away.why()));
    }
    if (!patience.pause(away, tries)) {
      throw new CheckStopped(
          "Expected the server at %s to be ready within %s, but: %s. Its log says why."
              .formatted(options.url(), Console.time(options.timeout()), away.why()));
    }
  }

  private @Nullable KafkaAddress readKafka(String body) {
    try {
      JsonNode kafka = json.readTree(body).path("kafka");
      String bootstrap = kafka.path("bootstrap").asText("");
      return bootstrap.isEmpty()
          ? null
          : new KafkaAddress(bootstrap, kafka.path("prefix").asText(DEFAULT_PREFIX));
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
