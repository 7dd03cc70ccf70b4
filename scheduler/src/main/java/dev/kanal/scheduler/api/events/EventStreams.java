package dev.kanal.scheduler.api.events;

import dev.kanal.common.door.Places;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.door.ClientPlaces;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** What the streams of events of this node share, and how many there may be. */
public final class EventStreams {
  /** Streams of clients at the same time; one client alone gets half of them. */
  public static final int CLIENTS_MAX = 512;

  /** Streams to other nodes at the same time: theirs, passed on. */
  static final int FORWARDED_MAX = 2_048;

  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final int CONNECT_TIMEOUT_MS = 1_000;

  private final Vertx vertx;
  private final JobReader reader;
  private final AllOwners owners;
  private final HttpClient client;
  private final Places clients;
  private final Semaphore forwarded;

  EventStreams(Vertx vertx, JobReader reader, AllOwners owners, Places clients) {
    this.vertx = vertx;
    this.reader = reader;
    this.owners = owners;
    this.clients = clients;
    this.forwarded = new Semaphore(FORWARDED_MAX);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setIdleTimeout((int) HEARTBEAT.multipliedBy(3).toSeconds())
                .setKeepAlive(false),
            new PoolOptions().setHttp1MaxSize(2 * CLIENTS_MAX));
  }

  Vertx vertx() {
    return vertx;
  }

  JobReader reader() {
    return reader;
  }

  AllOwners owners() {
    return owners;
  }

  HttpClient client() {
    return client;
  }

  /** Whether one more may begin; it says so by {@link #leave} when it is over. */
  boolean enter(boolean fromNode, String client) {
    return fromNode ? forwarded.tryAcquire() : clients.enter(client);
  }

  void leave(boolean fromNode, String client) {
    if (fromNode) {
      forwarded.release();
    } else {
      clients.leave(client);
    }
  }

  /** The refusal of one too many. */
  Problem full() {
    return Problem.later(
        ErrorCode.OVERLOADED,
        "Expected at most " + ClientPlaces.limits(clients, "streams of events") + ", but got more",
        5);
  }
}
