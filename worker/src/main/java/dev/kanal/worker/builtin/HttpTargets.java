package dev.kanal.worker.builtin;

import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.worker.JobFailed;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The way out to hosts: each call is let through if its target may be called, and waits if too many
 * calls to the same host and port are under way. Usable from any thread.
 */
final class HttpTargets {
  private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
  private static final Pattern NUMBER =
      Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  private final TargetRules rules;
  private final int connections;
  private final HostPins pins;
  private final HostPins.LookUp dns;
  private final Map<String, Origin> origins = new ConcurrentHashMap<>();

  HttpTargets(HttpHandlerConfig config) {
    this(config, HostPins.SHARED, PinningResolverProvider::lookUp);
  }

  HttpTargets(HttpHandlerConfig config, HostPins pins, HostPins.LookUp dns) {
    this.rules = new TargetRules(config);
    this.connections = config.connections();
    this.pins = pins;
    this.dns = dns;
  }

  /**
   * Lets a call through, to be closed after it.
   *
   * @throws JobFailed if the target is refused or cannot be found, or its turn does not come in
   *     time
   */
  Passage enter(URI url, Duration atMost) throws JobFailed, InterruptedException {
    String host = host(url);
    int port = port(url);
    boolean pinned = pin(host, port);
    String name = host + ":" + port;
    Origin origin =
        origins.compute(
            name,
            (_, known) -> {
              Origin one = known == null ? new Origin(new Semaphore(connections)) : known;
              one.users++;
              return one;
            });
    boolean turn = false;
    try {
      turn = origin.turns.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!turn) {
        leave(name, false);
        unpin(host, port, pinned);
      }
    }
    if (!turn) {
      throw new JobFailed(
          "http-timeout",
          "Expected a turn to call "
              + name
              + " within "
              + atMost
              + ", but "
              + connections
              + " calls are under way (worker.http-handler.connections)",
          true);
    }
    return () -> {
      leave(name, true);
      unpin(host, port, pinned);
    };
  }

  /** A call that is under way. */
  interface Passage extends AutoCloseable {
    @Override
    void close();
  }

  private boolean pin(String host, int port) throws JobFailed {
    try {
      if (host.indexOf(':') >= 0 || DIGITS.matcher(host).matches()) {
        rules.check(host, List.of(literal(host)), port);
        return false;
      }
      pins.take(host, port, rules, dns);
    } catch (UnknownHostException e) {
      throw new JobFailed(
          "connection-failed", "Expected an address of " + host + ", but got none", true, e);
    }
    boolean checked = false;
    try {
      rules.check(host, List.of(InetAddress.getAllByName(host)), port);
      checked = true;
    } catch (UnknownHostException e) {
      checked = true; // nothing to connect to, then
    } finally {
      unpin(host, port, !checked);
    }
    return true;
  }

  /** The forms that only some programs read as addresses are not taken. */
  private static InetAddress literal(String host) throws JobFailed {
    if (host.indexOf(':') < 0 && !NUMBER.matcher(host).matches()) {
      throw new JobFailed(
          "target-refused",
          "Expected a host's name or its address as four decimal numbers, but got " + host,
          false);
    }
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      throw new JobFailed(
          "target-refused", "Expected the address of a host, but got " + host, false, e);
    }
  }

  private void unpin(String host, int port, boolean pinned) {
    if (pinned) {
      pins.release(host, port);
    }
  }

  private void leave(String name, boolean hadTurn) {
    origins.computeIfPresent(
        name,
        (_, origin) -> {
          if (hadTurn) {
            origin.turns.release();
          }
          return --origin.users == 0 ? null : origin;
        });
  }

  private static String host(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /** One host and port; its users are counted in the map's own operations. */
  private static final class Origin {
    private final Semaphore turns;
    private int users;

    Origin(Semaphore turns) {
      this.turns = turns;
    }
  }
}
