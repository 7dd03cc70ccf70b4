package dev.kanal.common.config;

import java.time.Duration;
import java.util.List;

/**
 * The doors of the API.
 *
 * @param host to listen at
 * @param port to listen at; 0 means any free one
 * @param advertised {@code host:port} at which other schedulers reach this one; empty means host
 *     and port
 * @param authOff whether to serve other hosts without authentication
 * @param eventLoops threads that serve connections
 * @param rateLimitRequests of one client address in a window; 0 means no limit
 */
public record HttpConfig(
    String host,
    int port,
    String advertised,
    boolean authOff,
    int eventLoops,
    int rateLimitRequests,
    Duration rateLimitWindow) {
  private static final Setting<String> HOST =
      Setting.text("http.host", "127.0.0.1", "address to listen at");
  private static final Setting<Integer> PORT =
      Setting.integer(
          "http.port", 8080, new Setting.Bounds<>(0, 65_535), "port to listen at; 0: any free one");
  private static final Setting<String> ADVERTISED =
      Setting.text(
          "http.advertised",
          "",
          "host:port at which other schedulers reach this one; empty: http.host and http.port");
  private static final Setting<String> AUTH =
      Setting.choice(
          "auth",
          "on",
          List.of("on", "off"),
          "listening at an address that other hosts reach takes auth=off, as there is no"
              + " authentication yet");
  private static final Setting<Integer> EVENT_LOOPS =
      Setting.integer(
          "http.event-loops", 2, new Setting.Bounds<>(1, 64), "threads that serve connections");
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
      List.of(HOST, PORT, ADVERTISED, AUTH, EVENT_LOOPS, REQUESTS, WINDOW);

  public static HttpConfig from(Settings settings) {
    return new HttpConfig(
        settings.get(HOST),
        settings.get(PORT),
        settings.get(ADVERTISED),
        settings.get(AUTH).equals("off"),
        settings.get(EVENT_LOOPS),
        settings.get(REQUESTS),
        settings.get(WINDOW));
  }

  /** The same doors at another port. */
  public HttpConfig withPort(int other) {
    return new HttpConfig(
        host, other, advertised, authOff, eventLoops, rateLimitRequests, rateLimitWindow);
  }
}
