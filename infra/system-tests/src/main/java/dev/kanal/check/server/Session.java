package dev.kanal.check.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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
  private final List<URI> urls;
  private final Duration timeout;
  private final Console console;
  private final List<KanalClient> clients;
  private final Deadline deadline;
  private final Patience patience;
  private final ScheduledExecutorService watchdog =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("check-watchdog").factory());
  private final ScheduledFuture<?> abort;

  private Session(List<URI> urls, Duration timeout, Console console) {
    this.urls = List.copyOf(urls);
    this.timeout = timeout;
    this.console = console;
    this.clients = urls.stream().map(KanalClient::new).toList();
    this.deadline = Deadline.after(timeout, System::nanoTime);
    this.patience = new Patience(deadline, console, Pause.real(), System::nanoTime);
    this.abort =
        watchdog.schedule(
            () -> clients.forEach(KanalClient::abort),
            timeout.plus(LAST_ANSWERS).toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /**
   * Waits until the server says that it is ready.
   *
   * @throws CheckStopped if there is no server, or it does not become ready in time
   */
  public static Session open(ServerOptions options, Console console) throws InterruptedException {
    return open(List.of(options.url()), options.timeout(), console);
  }

  /**
   * The same with several servers of one system.
   *
   * @throws CheckStopped if one of them is not there, or does not become ready in time
   */
  public static Session open(List<URI> urls, Duration timeout, Console console)
      throws InterruptedException {
    Session session = new Session(urls, timeout, console);
    try {
      for (int server = 0; server < urls.size(); server++) {
        session.awaitReady(server);
      }
      return session;
    } catch (InterruptedException | CheckStopped e) {
      session.close();
      throw e;
    }
  }

  /** Where the first server is. */
  public URI url() {
    return urls.getFirst();
  }

  /** The first server, or the only one. */
  public KanalClient client() {
    return clients.getFirst();
  }

  /** All of them, to be asked in turn. */
  public Servers servers() {
    return new Servers(clients, patience);
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

  /** What {@code /readyz} says about Kafka now; null if it does not answer or names none. */
  public @Nullable KafkaAddress kafka() throws InterruptedException {
    return switch (client().get("/readyz")) {
      case Answer.Away _ -> null;
      case Answer.Got got -> readKafka(got.body());
    };
  }

  @Override
  public void close() {
    abort.cancel(false);
    watchdog.shutdownNow();
    clients.forEach(KanalClient::close);
  }

  private void awaitReady(int server) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      switch (clients.get(server).get("/readyz")) {
        case Answer.Got got when got.status() == 200 -> {
          patience.answered();
          return;
        }
        case Answer.Got got ->
            throw new CheckStopped(
                "Expected a Kanal server at %s, but its /readyz answers %d. Is --url right?"
                    .formatted(urls.get(server), got.status()));
        case Answer.Away away -> awaitNext(urls.get(server), away, tries);
      }
    }
  }

  private void awaitNext(URI url, Answer.Away away, int tries) throws InterruptedException {
    if (!away.mayHaveArrived() && away.retryAfter() == null && tries == 1) {
      throw new CheckStopped(
          "Expected a Kanal server at %s, but: %s. Start one with ./kanal up, or name another with --url."
              .formatted(url, away.why()));
    }
    if (!patience.pause(away, tries)) {
      throw new CheckStopped(
          "Expected the server at %s to be ready within %s, but: %s. Its log says why."
              .formatted(url, Console.time(timeout), away.why()));
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
