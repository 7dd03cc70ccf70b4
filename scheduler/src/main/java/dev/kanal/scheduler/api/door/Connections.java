package dev.kanal.scheduler.api.door;

import dev.kanal.common.door.Places;
import dev.kanal.scheduler.api.http.WaitLimits;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of clients: bounded in number, and closed if the head of a request does not come
 * in time. An idle time-out alone does not do that, since every byte restarts it. Shared by all
 * event loops; what belongs to one connection happens on its loop.
 */
public final class Connections implements Handler<RoutingContext> {
  /** Longer than the longest wait, so that a waiting call is not taken for a silent one. */
  public static final Duration IDLE = WaitLimits.LONGEST.plusSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final long NONE = -1;

  private final Vertx vertx;
  private final Places places;
  private final Timeouts timeouts;
  private final Map<HttpConnection, AtomicLong> timers = new ConcurrentHashMap<>();
  private final AtomicLong refused = new AtomicLong();

  /**
   * How long the head of a request may take.
   *
   * @param first from the connection's beginning to the whole head of its first request
   * @param next from the end of an answer to the whole head of the next request
   */
  public record Timeouts(Duration first, Duration next) {
    public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(10), IDLE);
  }

  public Connections(Vertx vertx, Places places, Timeouts timeouts) {
    this.vertx = vertx;
    this.places = places;
    this.timeouts = timeouts;
  }

  /** A client has connected. */
  public void opened(HttpConnection connection) {
    String client = ClientPlaces.client(connection.remoteAddress());
    if (!places.enter(client)) {
      refuse(connection, client);
      return;
    }
    AtomicLong timer = new AtomicLong(NONE);
    timers.put(connection, timer);
    connection.closeHandler(
        _ -> {
          timers.remove(connection);
          vertx.cancelTimer(timer.getAndSet(NONE));
          places.leave(client);
        });
    arm(connection, timer, timeouts.first());
  }

  /** A request has come: its head is whole. */
  @Override
  public void handle(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    AtomicLong timer = timers.get(connection);
    if (timer != null) {
      vertx.cancelTimer(timer.getAndSet(NONE));
      context.addEndHandler(_ -> rearm(connection));
    }
    context.next();
  }

  /** How many there are. */
  int open() {
    return places.taken();
  }

  private void rearm(HttpConnection connection) {
    AtomicLong timer = timers.get(connection);
    if (timer != null) {
      arm(connection, timer, timeouts.next());
    }
  }

  private void arm(HttpConnection connection, AtomicLong timer, Duration after) {
    timer.set(vertx.setTimer(after.toMillis(), _ -> connection.close()));
  }

  /**
   * Says so at the first, and at each thousandth, so that a flood of them makes no flood of lines.
   */
  private void refuse(HttpConnection connection, String client) {
    long count = refused.incrementAndGet();
    if (count % 1_000 == 1) {
      log.warn(
          "Expected at most {} (http.connections), but {} opened more: {} refused so far",
          ClientPlaces.limits(places, "connections"),
          client,
          count);
    }
    var _ = connection.close();
  }
}
