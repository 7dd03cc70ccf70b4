package dev.kanal.common.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where and how the API is served.
 *
 * @param host to listen at
 * @param port to listen at; 0 means any free one
 * @param advertised {@code host:port} at which other schedulers reach this one; empty means host
 *     and port
 * @param authOff whether to serve other hosts without authentication
 * @param names by which the API is called, besides addresses, the host and the advertised name:
 *     {@code api.example.com}, {@code *.example.com}, or {@code *} for whatever name
 * @param eventLoops threads that serve connections
 * @param connections that clients have at once; one client alone gets half of them
 * @param rateLimitRequests of one client address in a window; 0 means no limit
 */
public record HttpConfig(
    String host,
    int port,
    String advertised,
    boolean authOff,
    List<String> names,
    int eventLoops,
    int connections,
    int rateLimitRequests,
    Duration rateLimitWindow) {
  private static final Pattern LOOPBACK =
      Pattern.compile("127(\\.\\d{1,3}){3}|::1|\\[::1]|(0{1,4}:){7}0{0,3}1");
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");
  private static final Setting<String> HOST =
      Setting.text(
          "http.host", "127.0.0.1", Pattern.compile("[^\\s/]{1,255}"), "address to listen at");
  private static final Setting<Integer> PORT =
      Setting.integer(
          "http.port", 8080, new Setting.Bounds<>(0, 65_535), "port to listen at; 0: any free one");
  private static final Setting<String> ADVERTISED =
      Setting.text(
          "http.advertised",
          "",
          Pattern.compile("([^\\s/:]+|\\[[0-9A-Fa-f:.]+]):\\d{1,5}|"),
          "host:port at which other schedulers reach this one; empty: from http.host and"
              + " http.port");
  private static final Setting<String> AUTH =
      Setting.choice(
          "auth",
          "on",
          List.of("on", "off"),
          "listening at an address that other hosts reach takes auth=off, as there is no"
              + " authentication yet");
  private static final Setting<List<String>> NAMES =
      Setting.list(
          "http.names",
          "localhost",
          Pattern.compile("\\*|(\\*\\.)?[A-Za-z0-9._-]{1,253}"),
          "names that the API may be called by (the Host header), besides addresses, http.host and"
              + " http.advertised: names such as api.example.com or *.example.com; *: whatever name,"
              + " so that a web page elsewhere can have a browser call it");
  private static final Setting<Integer> EVENT_LOOPS =
      Setting.integer(
          "http.event-loops", 2, new Setting.Bounds<>(1, 64), "threads that serve connections");
  private static final Setting<Integer> CONNECTIONS =
      Setting.integer(
          "http.connections",
          20_000,
          new Setting.Bounds<>(2, 1_000_000),
          "connections of clients at once; one address (of IPv6, one /64 network) gets no further"
              + " one while it has as many as are free, so half of them if it is alone");
  private static final Setting<Integer> REQUESTS =
      Setting.integer(
          "http.rate-limit.requests",
          0,
          new Setting.Bounds<>(0, 1_000_000),
          "requests of one client address in a window; a bulk request counts as one; 0: no limit");
  private static final Setting<Duration> WINDOW =
      Setting.duration(
          "http.rate-limit.window",
          "1s",
          new Setting.Bounds<>(Duration.ofSeconds(1), Duration.ofHours(1)),
          "window of the rate limit");

  static final List<Setting<?>> SETTINGS =
      List.of(HOST, PORT, ADVERTISED, AUTH, NAMES, EVENT_LOOPS, CONNECTIONS, REQUESTS, WINDOW);

  public HttpConfig {
    HOST.check(host);
    PORT.check(port);
    ADVERTISED.check(advertised);
    names = List.copyOf(names);
    NAMES.check(names);
    EVENT_LOOPS.check(eventLoops);
    CONNECTIONS.check(connections);
    REQUESTS.check(rateLimitRequests);
    WINDOW.check(rateLimitWindow);
  }

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException if other hosts could call without authentication and the
   *     settings do not allow that
   */
  public static HttpConfig from(Settings settings) {
    HttpConfig config = read(settings);
    if (!config.authOff && !config.isLoopback()) {
      throw new RelationException(
          "Expected auth=off (KANAL_AUTH=off) to be set for listening at "
              + config.host
              + ", which other hosts may reach, or a loopback address such as 127.0.0.1",
          HOST,
          AUTH);
    }
    return config;
  }

  private static HttpConfig read(Settings settings) {
    return new HttpConfig(
        settings.get(HOST),
        settings.get(PORT),
        settings.get(ADVERTISED),
        settings.get(AUTH).equals("off"),
        settings.get(NAMES),
        settings.get(EVENT_LOOPS),
        settings.get(CONNECTIONS),
        settings.get(REQUESTS),
        settings.get(WINDOW));
  }

  /** Whether only this host can reach the API; decided by the text, without resolving names. */
  public boolean isLoopback() {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || LOOPBACK.matcher(name).matches();
  }

  /**
   * The {@code host:port} at which other schedulers reach this one. May ask the system for its
   * address, if that is not set and this one listens at every address it has.
   */
  public String reachableAt() {
    if (!advertised.isEmpty()) {
      return advertised;
    }
    String name = WILDCARDS.contains(host) ? ownAddress() : host;
    boolean bare = name.contains(":") && !name.startsWith("[");
    return (bare ? "[" + name + "]" : name) + ":" + port;
  }

  /** The same at another port. */
  public HttpConfig withPort(int other) {
    return new HttpConfig(
        host,
        other,
        advertised,
        authOff,
        names,
        eventLoops,
        connections,
        rateLimitRequests,
        rateLimitWindow);
  }

  private static String ownAddress() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }
}
