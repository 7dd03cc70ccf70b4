package dev.kanal.worker.builtin;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Targets of calls: a host, an address or a network, and a port if one is meant.
 *
 * @param name {@code *}, a host name in lower case, or one whose first label is {@code *}; null for
 *     a network
 * @param network null for a name
 * @param port -1 for any
 */
record TargetPattern(@Nullable String name, @Nullable Network network, int port) {
  private static final Pattern NAME = Pattern.compile("\\*|(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
  private static final Pattern NUMBERS =
      Pattern.compile("[0-9.]+(/\\d+)?|[0-9a-f:.]*:[0-9a-f:.]*(/\\d+)?");
  private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");
  private static final int PORT_MAX = 65_535;

  /**
   * Reads {@code *.example.com}, {@code 10.0.0.0/8}, {@code [fd00::/8]:8080} and the like.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static TargetPattern parse(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    String port = "";
    int bracket = host.indexOf(']');
    int colon = host.lastIndexOf(':');
    if (host.startsWith("[") && bracket > 0) {
      port = host.substring(bracket + 1);
      host = host.substring(1, bracket);
    } else if (colon >= 0 && host.indexOf(':') == colon) {
      port = host.substring(colon);
      host = host.substring(0, colon);
    }
    int number = port.isEmpty() ? -1 : port(text, port);
    if (NUMBERS.matcher(host).matches()) {
      return new TargetPattern(null, network(text, host), number);
    }
    String plain = withoutDot(host);
    if (!NAME.matcher(plain).matches()) {
      throw bad(text);
    }
    return new TargetPattern(plain, null, number);
  }

  boolean matches(String host, InetAddress address, int targetPort) {
    if (port >= 0 && port != targetPort) {
      return false;
    }
    return network != null ? network.contains(address) : matchesName(withoutDot(host));
  }

  /** A name with a dot at its end is the same name. */
  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private boolean matchesName(String host) {
    if (name == null) {
      return false;
    } else if (name.startsWith("*.")) {
      return host.endsWith(name.substring(1));
    }
    return name.equals("*") || name.equals(host);
  }

  private static int port(String text, String port) {
    if (!port.startsWith(":") || !PORT.matcher(port.substring(1)).matches()) {
      throw bad(text);
    }
    int number = Integer.parseInt(port.substring(1));
    if (number > PORT_MAX) {
      throw bad(text);
    }
    return number;
  }

  private static Network network(String text, String host) {
    try {
      int slash = host.indexOf('/');
      if (host.indexOf(':') < 0 && host.chars().filter(each -> each == '.').count() != 3) {
        throw bad(text);
      }
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? host : host.substring(0, slash));
      int most = address.getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? most : Integer.parseInt(host.substring(slash + 1));
      if (bits <= most) {
        return new Network(address, bits);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(bad(text).getMessage(), e);
    }
    throw bad(text);
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "Expected a host, an address or a network, with a port or without, but got " + text);
  }

  /** The addresses whose first {@code bits} bits are those of {@code address}. */
  record Network(InetAddress address, int bits) {
    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.getAddress();
      if (mine.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit += Byte.SIZE) {
        int at = bit / Byte.SIZE;
        int mask = 0xFF << Math.max(0, Byte.SIZE - (bits - bit));
        if (((mine[at] ^ theirs[at]) & mask & 0xFF) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
