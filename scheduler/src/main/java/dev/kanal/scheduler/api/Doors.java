package dev.kanal.scheduler.api;

import dev.kanal.common.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request first. Keeps web pages of other sites from using a browser against this
 * API: refuses writes that come from another origin, and, while listening on loopback only, names
 * that do not mean loopback (a foreign name that was made to point here would be its own origin).
 */
final class Doors implements Handler<RoutingContext> {
  private static final Pattern LOOPBACK_ADDRESS =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|(0{1,4}:){7}0{0,3}1");
  static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final boolean loopbackOnly;

  Doors(boolean loopbackOnly) {
    this.loopbackOnly = loopbackOnly;
  }

  static boolean isLoopback(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String name =
        (bracketed ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || LOOPBACK_ADDRESS.matcher(name).matches();
  }

  @Override
  public void handle(RoutingContext context) {
    Problem refusal = refusal(context.request());
    if (refusal == null) {
      context.next();
    } else {
      Answers.problem(context.request(), refusal);
    }
  }

  private @Nullable Problem refusal(HttpServerRequest request) {
    Problem escape = escapeRefusal(request.uri());
    if (escape != null) {
      return escape;
    }
    Problem baggage = TraceHeaders.baggageRefusal(request.headers());
    if (baggage != null) {
      return baggage;
    }
    HostAndPort host = request.authority();
    if (host == null || host.host().isEmpty() || request.headers().getAll("Host").size() > 1) {
      return Problem.of(
          ErrorCode.BAD_REQUEST, "Expected one Host header with the name of this server");
    }
    if (loopbackOnly && !isLoopback(host.host())) {
      return foreign("Expected a Host header that names loopback, but got another name");
    }
    if (READS.contains(request.method())) {
      return null;
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !isSame(origin, host)) {
      return foreign("Expected a write from this server's own pages, but its Origin is another");
    }
    if ("cross-site".equalsIgnoreCase(request.getHeader("Sec-Fetch-Site"))) {
      return foreign("Expected a write from this server's own pages, but it is cross-site");
    }
    return null;
  }

  /** Refuses broken escapes here, where the router would fall over them. */
  private static @Nullable Problem escapeRefusal(String uri) {
    for (int at = uri.indexOf('%'); at >= 0; at = uri.indexOf('%', at + 1)) {
      if (at + 2 >= uri.length()
          || Character.digit(uri.charAt(at + 1), 16) < 0
          || Character.digit(uri.charAt(at + 2), 16) < 0) {
        boolean inQuery = uri.lastIndexOf('?', at) >= 0;
        return Problem.of(
            inQuery ? ErrorCode.MALFORMED_QUERY : ErrorCode.BAD_REQUEST,
            "Expected two hexadecimal digits after each %, but got something else");
      }
    }
    return null;
  }

  private static Problem foreign(String detail) {
    return Problem.of(ErrorCode.FOREIGN_ORIGIN, detail);
  }

  /** Compares name and port; a port left out is the one of the origin's scheme. */
  private static boolean isSame(String origin, HostAndPort host) {
    URI uri;
    try {
      uri = new URI(origin);
    } catch (URISyntaxException e) {
      return false;
    }
    if (uri.getHost() == null || uri.getScheme() == null) {
      return false;
    }
    int usual = uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    int originPort = uri.getPort() < 0 ? usual : uri.getPort();
    int hostPort = host.port() < 0 ? usual : host.port();
    return originPort == hostPort && unbracketed(uri.getHost()).equals(unbracketed(host.host()));
  }

  private static String unbracketed(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String name =
        (bracketed ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
  }
}
