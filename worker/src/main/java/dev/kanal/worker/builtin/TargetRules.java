package dev.kanal.worker.builtin;

import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.worker.JobFailed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where calls may go. Addresses are judged, not names alone: an address that is link-local,
 * metadata of a cloud, multicast, broadcast, unspecified or reserved is refused whatever the
 * settings say, also where an IPv6 address only wraps it.
 */
final class TargetRules {
  private static final String ALLOW = "worker.http-handler.allow";
  private static final String DENY = "worker.http-handler.deny";

  private static final List<TargetPattern.Network> NEVER =
      networks(
          "169.254.0.0/16", // link-local, and there the metadata of most clouds
          "fe80::/10",
          "fec0::/10", // site-local, once
          "fd00:ec2::/32", // Amazon
          "fd20:ce::254", // Google
          "fd00:42::42", // Scaleway
          "fd00:a9fe:a9fe::1", // Akamai
          "100.100.100.200", // Alibaba
          "168.63.129.16", // Azure
          "192.0.0.0/24", // protocols, and Oracle
          "198.18.0.0/15", // benchmarks
          "224.0.0.0/4", // multicast
          "ff00::/8",
          "240.0.0.0/4", // reserved, and broadcast
          "0.0.0.0/8",
          "::",
          "::ffff:0:0:0/96", // SIIT
          "2001::/32"); // Teredo

  /** NAT64 within a network; where the IPv4 address begins depends on that network. */
  private static final List<TargetPattern.Network> NAT64_LOCAL = networks("64:ff9b:1::/48");

  /** IPv6 networks whose addresses hold one of IPv4, and the byte where it begins. */
  private static final List<TargetPattern.Network> AT_END =
      networks("64:ff9b::/96", "::/96", "64:ff9b:1::/96");

  private static final List<TargetPattern.Network> AT_THIRD_BYTE = networks("2002::/16");
  private static final int LAST_FOUR = 12;
  private static final int AFTER_TWO = 2;

  /** The beginning of ISATAP interface ids, after a bit that says whether they are unique. */
  private static final byte[] ISATAP = {0, 0, 0x5e, (byte) 0xfe};

  private final List<TargetPattern> allow;
  private final List<TargetPattern> deny;

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException with the key, if a target cannot be read
   */
  TargetRules(HttpHandlerConfig config) {
    this.allow = patterns(ALLOW, config.allow());
    this.deny = patterns(DENY, config.deny());
  }

  private static List<TargetPattern> patterns(String key, List<String> texts) {
    try {
      return texts.stream().map(TargetPattern::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  /** Refuses the addresses of a host unless a call may go to each of them. */
  void check(String host, List<InetAddress> addresses, int port) throws JobFailed {
    for (InetAddress address : addresses) {
      String why = refusal(host, address, port);
      if (why != null) {
        throw new JobFailed(
            "target-refused",
            "Expected a target that may be called, but "
                + host
                + " is "
                + address.getHostAddress()
                + ", which "
                + why,
            false);
      }
    }
  }

  boolean accepts(String host, List<InetAddress> addresses, int port) {
    return addresses.stream().allMatch(address -> refusal(host, address, port) == null);
  }

  private @Nullable String refusal(String host, InetAddress address, int port) {
    InetAddress inner = inner(address);
    if (isNever(address) || isNever(inner)) {
      return "is link-local, metadata, multicast, unspecified or reserved; no setting allows that";
    }
    if (matches(deny, host, address, port) || matches(deny, host, inner, port)) {
      return "port " + port + " is refused by " + DENY;
    }
    return matches(allow, host, address, port) ? null : "port " + port + " is not in " + ALLOW;
  }

  private static boolean matches(
      List<TargetPattern> patterns, String host, InetAddress address, int port) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(host, address, port));
  }

  private static boolean isNever(InetAddress address) {
    boolean hidden = isIn(NAT64_LOCAL, address) && !isIn(AT_END, address);
    return hidden || isIn(NEVER, address);
  }

  private static boolean isIn(List<TargetPattern.Network> networks, InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /** The IPv4 address that one of IPv6 stands for: compatible, NAT64, 6to4, ISATAP; or the same. */
  private static InetAddress inner(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != 16 || address.isLoopbackAddress()) {
      return address;
    }
    if (isIn(AT_THIRD_BYTE, address)) {
      return inner(bytes, AFTER_TWO);
    }
    boolean isatap =
        (bytes[8] & ~2) == ISATAP[0] && Arrays.equals(bytes, 9, 12, ISATAP, 1, ISATAP.length);
    return isatap || isIn(AT_END, address) ? inner(bytes, LAST_FOUR) : address;
  }

  private static InetAddress inner(byte[] bytes, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Expected four bytes to be an address, but: " + e, e);
    }
  }

  private static List<TargetPattern.Network> networks(String... texts) {
    return Stream.of(texts)
        .flatMap(text -> Stream.ofNullable(TargetPattern.parse(text).network()))
        .toList();
  }
}
