package dev.kanal.worker.builtin;

import dev.kanal.common.clock.Clocks;
import dev.kanal.worker.JobFailed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The checked addresses of hosts that are being called: while a call lasts, every look-up in this
 * process returns them ({@link PinningResolverProvider}). So no name can be checked at one address
 * and called at another. Usable from any thread.
 */
final class HostPins {
  /** The pins of this process; its resolver, too, is one per process. */
  static final HostPins SHARED = new HostPins(Clocks.system().ticker()::nanos);

  private static final long FRESH_NANOS = 10_000_000_000L;
  private static final int KEPT_MAX = 1_000;

  private final LongSupplier ticker;
  private final Map<String, Pin> pins = new HashMap<>();

  HostPins(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Resolves the addresses of a host, past the pins. */
  interface LookUp {
    List<InetAddress> of(String host) throws UnknownHostException;
  }

  /** The addresses of a host that is or was just now being called; null for others. */
  synchronized @Nullable List<InetAddress> of(String host) {
    Pin pin = pins.get(host.toLowerCase(Locale.ROOT));
    return pin == null || (pin.calls() == 0 && !isFresh(pin)) ? null : pin.addresses;
  }

  /**
   * Pins a host for a call, to be released after it.
   *
   * @throws JobFailed if one of its addresses must not be called at this port
   */
  void take(String host, int port, TargetRules rules, LookUp dns)
      throws JobFailed, UnknownHostException {
    List<InetAddress> found = fresh(host);
    if (found == null) {
      found = List.copyOf(dns.of(host));
    }
    rules.check(host, found, port);
    synchronized (this) {
      Pin pin = pins.computeIfAbsent(host, _ -> new Pin());
      boolean others = pin.ports.keySet().stream().allMatch(fits(host, found, rules));
      if (pin.calls() == 0 || others) {
        if (!isFresh(pin) || !found.equals(pin.addresses)) {
          pin.addresses = found;
          pin.sinceNanos = ticker.getAsLong();
        }
      } else {
        rules.check(host, pin.addresses, port);
      }
      pin.ports.merge(port, 1, Integer::sum);
    }
  }

  private static Predicate<Integer> fits(
      String host, List<InetAddress> addresses, TargetRules rules) {
    return port -> rules.accepts(host, addresses, port);
  }

  synchronized void release(String host, int port) {
    Pin pin = pins.get(host);
    if (pin != null) {
      pin.ports.computeIfPresent(port, (_, count) -> count == 1 ? null : count - 1);
    }
    if (pins.size() > KEPT_MAX) {
      pins.values().removeIf(each -> each.calls() == 0);
    }
  }

  private synchronized @Nullable List<InetAddress> fresh(String host) {
    Pin pin = pins.get(host);
    return pin != null && isFresh(pin) ? pin.addresses : null;
  }

  private boolean isFresh(Pin pin) {
    return !pin.addresses.isEmpty() && ticker.getAsLong() - pin.sinceNanos < FRESH_NANOS;
  }

  /** Guarded by the pins. */
  private static final class Pin {
    private final Map<Integer, Integer> ports = new HashMap<>();
    private List<InetAddress> addresses = List.of();
    private long sinceNanos;

    int calls() {
      return ports.size();
    }
  }
}
