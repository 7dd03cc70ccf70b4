package dev.kanal.standalone;

import dev.kanal.common.config.HttpConfig;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The address at which the API listens, checked before anything is started. */
final class ApiAddress {
  private static final Logger log = LoggerFactory.getLogger(ApiAddress.class);

  private final HttpConfig http;
  private final InetAddress address;

  private ApiAddress(HttpConfig http, InetAddress address) {
    this.http = http;
    this.address = address;
  }

  /**
   * Checks that the API could listen.
   *
   * @throws StartProblem if not
   */
  static ApiAddress check(HttpConfig http) throws StartProblem {
    ApiAddress api = new ApiAddress(http, resolve(http));
    if (!http.isLoopback()) {
      log.warn(
          "auth=off: whoever reaches {}, port {}, may submit and read jobs",
          http.host(),
          http.port());
    }
    api.probe();
    return api;
  }

  /** How a client on this host reaches the API. */
  String url(int port) {
    String host =
        address.isAnyLocalAddress()
            ? "127.0.0.1"
            : address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : http.host();
    return "http://" + host + ":" + port;
  }

  private static InetAddress resolve(HttpConfig http) throws StartProblem {
    try {
      return InetAddress.getByName(http.host());
    } catch (UnknownHostException e) {
      throw new StartProblem(
          "http.host="
              + http.host()
              + " is not known here: set KANAL_HTTP_HOST to a name or address of this host",
          e);
    }
  }

  private void probe() throws StartProblem {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, http.port()));
    } catch (IOException e) {
      throw new StartProblem(
          "port "
              + http.port()
              + " at "
              + http.host()
              + " cannot be listened at ("
              + e.getMessage()
              + "): stop what listens there, or choose another with KANAL_HTTP_PORT",
          e);
    }
  }
}
