package dev.kanal.worker.builtin;

import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.http.HttpUrl;
import dev.kanal.worker.JobFailed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Guards calls to hosts: a call is let through if its target may be called, and waits if too many
 * calls to the same host and port are under way. Usable from any thread.
 */
final class HttpTargets {
  private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
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
  Passage enter(HttpUrl url, Duration atMost) throws JobFailed, InterruptedException {
    String host = url.host();
    int port = url.port();
    boolean pinned = pin(url);
    String name = url.name() + ":" + port;
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
    return new Passage(
        pinned ? pinnedAddress(host) : literal(host),
        () -> {
          leave(name, true);
          unpin(host, port, pinned);
        });
  }

  /**
   * A call that is under way.
   *
   * @param address the checked address
   */
  record Passage(InetAddress address, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  private InetAddress pinnedAddress(String host) {
    return Objects.requireNonNull(pins.of(host), "the pin of a call").getFirst();
  }

  private boolean pin(HttpUrl url) throws JobFailed {
    String host = url.host();
    int port = url.port();
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

  private static InetAddress literal(String host) throws JobFailed {
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

  /** One host and port; its users are counted in the map's own operations. */
  private static final class Origin {
    private final Semaphore turns;
    private int users;

    Origin(Semaphore turns) {
      this.turns = turns;
    }
  }
}
