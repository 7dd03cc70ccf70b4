package dev.kanal.worker.builtin;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process's way to look up names: Java's own, but for hosts that an http job is calling, which
 * resolve to the addresses that were checked. Found by {@link java.util.ServiceLoader}.
 */
public final class PinningResolverProvider extends InetAddressResolverProvider {
  private static volatile @Nullable InetAddressResolver builtin;

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver own = configuration.builtinResolver();
    builtin = own;
    return new Pinning(own);
  }

  @Override
  public String name() {
    return "kanal";
  }

  /** The addresses of a host by Java's own look-up, or by another resolver in the process. */
  static List<InetAddress> lookUp(String host) throws UnknownHostException {
    if (builtin == null) {
      List<InetAddress> first = List.of(InetAddress.getAllByName(host));
      if (builtin == null) {
        return first;
      }
    }
    InetAddressResolver own = Objects.requireNonNull(builtin);
    LookupPolicy both =
        LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV4_FIRST);
    try (Stream<InetAddress> found = own.lookupByName(host, both)) {
      return found.toList();
    }
  }

  private record Pinning(InetAddressResolver own) implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      List<InetAddress> pinned = HostPins.SHARED.of(host);
      return pinned == null ? own.lookupByName(host, policy) : pinned.stream();
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      return own.lookupByAddress(address);
    }
  }
}
