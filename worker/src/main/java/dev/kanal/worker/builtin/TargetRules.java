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
 * Where calls may go. Addresses are judged, not names alone: what is link-local, metadata of a
 * cloud, multicast, broadcast or unspecified is refused whatever the settings say, also where an
 * IPv6 address only wraps it.
 */
final class TargetRules {
  private static final String ALLOW = "worker.http-handler.allow";
  private static final String DENY = "worker.http-handler.deny";

  private static final List<TargetPattern.Network> NEVER =
      Stream.of(
              "169.254.0.0/16",
              "fe80::/10",
              "fd00:ec2::254",
              "100.100.100.200",
              "192.0.0.192",
              "224.0.0.0/4",
              "ff00::/8",
              "255.255.255.255",
              "0.0.0.0/8",
              "::")
          .flatMap(text -> Stream.ofNullable(TargetPattern.parse(text).network()))
          .toList();

  /** IPv6 networks whose addresses hold one of IPv4, and the byte where it begins. */
  private static final int NAT64 = 12;

  private static final int SIX_TO_FOUR = 2;

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
      return "is link-local, metadata, multicast or unspecified; no setting allows that";
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
    return NEVER.stream().anyMatch(network -> network.contains(address));
  }

  /** The IPv4 address that one of IPv6 stands for: compatible, NAT64 or 6to4; else the same. */
  private static InetAddress inner(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != 16) {
      return address;
    }
    boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
    boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xFF;
    boolean compatible = isZero(bytes, 12) && !address.isLoopbackAddress();
    if (!sixToFour && !nat64 && !compatible) {
      return address;
    }
    int from = sixToFour ? SIX_TO_FOUR : NAT64;
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Expected four bytes to be an address, but: " + e, e);
    }
  }

  private static boolean isZero(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
