package dev.kanal.common.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The built-in handler {@code http}.
 *
 * @param allow targets that may be called
 * @param deny targets that may not, whatever {@code allow} says
 * @param anyRedirect whether redirects to other hosts are followed
 * @param connections calls at once to one host and port
 * @param completeUrl where the API is, as called services see it; empty if they know
 * @param sign name of the secret by which every call is signed; empty for none
 */
public record HttpHandlerConfig(
    List<String> allow,
    List<String> deny,
    boolean anyRedirect,
    int connections,
    String completeUrl,
    String sign) {
  /** The names of secrets: what stands behind {@code KANAL_SECRET_}. */
  public static final Pattern SECRET_NAME = Pattern.compile("[A-Za-z0-9_]{1,100}");

  private static final String TARGET = "[A-Za-z0-9._*:\\[\\]-]{1,260}(/\\d{1,3}\\]?(:\\d{1,5})?)?";
  private static final Setting<List<String>> ALLOW =
      Setting.list(
          "worker.http-handler.allow",
          "*",
          Pattern.compile(TARGET),
          "targets of http jobs: hosts such as api.example.com or *.example.com, addresses,"
              + " networks such as 10.0.0.0/8, each with a :port if one is meant; *: all");
  private static final Setting<String> DENY =
      Setting.text(
          "worker.http-handler.deny",
          "",
          Pattern.compile("(" + TARGET + "(, *" + TARGET + ")*)?"),
          "targets refused to http jobs even if they are allowed, besides link-local, metadata,"
              + " multicast and unspecified addresses");
  private static final Setting<String> REDIRECTS =
      Setting.choice(
          "worker.http-handler.redirects",
          "same-host",
          List.of("same-host", "any"),
          "redirects that http jobs follow");
  private static final Setting<Integer> CONNECTIONS =
      Setting.integer(
          "worker.http-handler.connections",
          256,
          new Setting.Bounds<>(1, 100_000),
          "calls of http jobs that are made at once to one host and port; others wait");
  private static final Setting<String> COMPLETE_URL =
      Setting.text(
          "worker.http-handler.complete-url",
          "",
          Pattern.compile("(https?://[^\\s?#]{1,500})?"),
          "where services called by asynchronous http jobs reach the API; empty: they know");
  private static final Setting<String> SIGN =
      Setting.text(
          "worker.http-handler.sign",
          "",
          Pattern.compile("(" + SECRET_NAME + ")?"),
          "secret X, read from KANAL_SECRET_X, that signs calls of http jobs; empty: none");

  static final List<Setting<?>> SETTINGS =
      List.of(ALLOW, DENY, REDIRECTS, CONNECTIONS, COMPLETE_URL, SIGN);

  /** Nothing but defaults. */
  public static final HttpHandlerConfig DEFAULT =
      new HttpHandlerConfig(List.of("*"), List.of(), false, 256, "", "");

  public HttpHandlerConfig {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    ALLOW.check(allow);
    DENY.check(String.join(",", deny));
    CONNECTIONS.check(connections);
    COMPLETE_URL.check(completeUrl);
    SIGN.check(sign);
  }

  public static HttpHandlerConfig from(Settings settings) {
    List<String> denied =
        Arrays.stream(settings.get(DENY).split(","))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .toList();
    return new HttpHandlerConfig(
        settings.get(ALLOW),
        denied,
        settings.get(REDIRECTS).equals("any"),
        settings.get(CONNECTIONS),
        settings.get(COMPLETE_URL),
        settings.get(SIGN));
  }

  /** The same with other targets. */
  public HttpHandlerConfig withTargets(List<String> allowed, List<String> denied) {
    return new HttpHandlerConfig(allowed, denied, anyRedirect, connections, completeUrl, sign);
  }
}
