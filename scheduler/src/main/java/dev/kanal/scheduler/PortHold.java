package dev.kanal.scheduler;

import dev.kanal.common.config.HttpConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where the API will listen. Other nodes hear of the port before it does, so a free one is chosen
 * here, and kept from other processes that look for one until it is released.
 */
final class PortHold implements AutoCloseable {
  private final HttpConfig http;
  private final @Nullable ServerSocket held;

  private PortHold(HttpConfig http, @Nullable ServerSocket held) {
    this.http = http;
    this.held = held;
  }

  /** Holds nothing unless the port is to be a free one. */
  static PortHold of(HttpConfig http) throws StartException {
    if (http.port() != 0) {
      return new PortHold(http, null);
    }
    try {
      ServerSocket held = new ServerSocket();
      held.bind(new InetSocketAddress(http.host(), 0));
      return new PortHold(http.withPort(held.getLocalPort()), held);
    } catch (IOException e) {
      throw new StartException("Expected a free port at " + http.host() + ", but got none", e);
    }
  }

  HttpConfig http() {
    return http;
  }

  /** From now on the port can be listened at. May be called again. */
  void release() throws StartException {
    try {
      close();
    } catch (IOException e) {
      throw new StartException("Expected to let go of port " + http.port() + ", but cannot", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (held != null) {
      held.close();
    }
  }
}
