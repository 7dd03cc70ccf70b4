package dev.kanal.scheduler.api.door;

import dev.kanal.common.door.Places;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Whom a place is given to, and how many there are, in words. */
public final class ClientPlaces {
  private static final String UNKNOWN = "unknown";

  private ClientPlaces() {}

  /** The client that a request comes from, by its address. */
  public static String client(HttpServerRequest request) {
    return client(request.remoteAddress());
  }

  static String client(@Nullable SocketAddress remote) {
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? UNKNOWN : Places.client(InetAddress.ofLiteral(address));
  }

  /** How many there may be, in words. */
  public static String limits(Places places, String what) {
    return places.most()
        + " "
        + what
        + " at once, and "
        + places.mostOfOne()
        + " of one client alone";
  }
}
