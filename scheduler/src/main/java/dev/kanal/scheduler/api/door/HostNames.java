package dev.kanal.scheduler.api.door;

import dev.kanal.common.config.HttpConfig;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names that the API may be called by. An address is none that anybody could make point here,
 * so each is served, but while the API listens on loopback only those of loopback. Names compare
 * without case and without a dot at their end.
 */
public final class HostNames {
  private static final Pattern LOOPBACK_ADDRESS =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|(0{1,4}:){7}0{0,3}1");
  private static final String ALL = "*";

  private final boolean loopbackOnly;
  private final List<String> names;

  private HostNames(boolean loopbackOnly, List<String> names) {
    this.loopbackOnly = loopbackOnly;
    this.names = names;
  }

  /** Those that are set, the host to listen at, and the name that other nodes use. */
  public static HostNames of(HttpConfig http) {
    List<String> names = new ArrayList<>();
    http.names().forEach(name -> names.add(plain(name)));
    int port = http.advertised().lastIndexOf(':');
    if (port > 0) {
      names.add(plain(http.advertised().substring(0, port)));
    }
    names.add(plain(http.host()));
    List<String> withoutAddresses =
        names.stream().filter(name -> !isAddress(name)).distinct().toList();
    return new HostNames(isLoopback(http.host()), withoutAddresses);
  }

  public static boolean isLoopback(String host) {
    String name = plain(host);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || LOOPBACK_ADDRESS.matcher(name).matches();
  }

  /** As names are compared. */
  static String plain(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String name =
        (bracketed ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** Whether a request may name this host. */
  boolean serves(String host) {
    String name = plain(host);
    if (isLoopback(name)) {
      return true;
    }
    if (!loopbackOnly && isAddress(name)) {
      return true;
    }
    return names.stream().anyMatch(each -> matches(each, name));
  }

  /** The names, as they are set. */
  @Override
  public String toString() {
    return String.join(", ", names);
  }

  private static boolean matches(String pattern, String name) {
    return pattern.equals(ALL)
        || (pattern.startsWith("*.")
            ? name.endsWith(pattern.substring(1)) && name.length() >= pattern.length()
            : name.equals(pattern));
  }

  private static boolean isAddress(String name) {
    return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
  }
}
