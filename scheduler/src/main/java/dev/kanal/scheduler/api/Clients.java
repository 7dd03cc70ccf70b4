package dev.kanal.scheduler.api;

import dev.kanal.common.door.Places;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of a node share, each by its address, and how long they may take.
 *
 * @param waits calls that wait
 * @param streams streams of events
 * @param bulk bulk requests
 * @param heads how long the head of a request may take
 */
record Clients(Places waits, Places streams, BulkBudget bulk, Connections.Timeouts heads) {
  private static final String UNKNOWN = "unknown";

  static Clients withBulk(BulkBudget bulk) {
    return new Clients(
        new Places(Waits.MOST),
        new Places(EventStreams.CLIENTS_MAX),
        bulk,
        Connections.Timeouts.DEFAULT);
  }

  /** The client that a request comes from. */
  static String of(HttpServerRequest request) {
    return of(request.remoteAddress());
  }

  static String of(@Nullable SocketAddress remote) {
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? UNKNOWN : Places.client(InetAddress.ofLiteral(address));
  }

  /** How many there may be, in words. */
  static String shares(Places places, String what) {
    return places.most()
        + " "
        + what
        + " at once, and "
        + places.mostOfOne()
        + " of one client alone";
  }
}
