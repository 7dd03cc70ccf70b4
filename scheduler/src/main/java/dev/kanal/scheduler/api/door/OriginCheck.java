package dev.kanal.scheduler.api.door;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request first. Refuses those that others may frame otherwise than we do, and keeps
 * web pages of other sites from using a browser against this API: refuses writes that come from
 * another origin, and names that are not this server's (a foreign name that was made to point here
 * would be its own origin).
 */
public final class OriginCheck implements Handler<RoutingContext> {
  static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final HostNames names;

  public OriginCheck(HostNames names) {
    this.names = names;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Answers.guard(request.response());
    if (!isPlainlyFramed(request.headers())) {
      request.response().putHeader("Connection", "close");
      Answers.problem(
          request,
          Problem.of(
              ErrorCode.BAD_REQUEST,
              "Expected a body framed by one Content-Length or by Transfer-Encoding: chunked, but"
                  + " got something else"));
      var _ = request.connection().close();
      return;
    }
    Problem refusal = refusal(request);
    if (refusal == null) {
      context.next();
    } else {
      Answers.problem(request, refusal);
    }
  }

  /** Whether nobody between the client and us can take the body to end elsewhere than we do. */
  private static boolean isPlainlyFramed(MultiMap headers) {
    List<String> encodings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    List<String> lengths = headers.getAll(HttpHeaders.CONTENT_LENGTH);
    return encodings.isEmpty()
        ? lengths.size() <= 1
        : lengths.isEmpty()
            && encodings.size() == 1
            && encodings.getFirst().equalsIgnoreCase("chunked");
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
    if (!names.serves(host.host())) {
      return foreign(
          "Expected a Host header with a name of this server ("
              + names
              + "; setting http.names), but got another name");
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
    return originPort == hostPort
        && HostNames.plain(uri.getHost()).equals(HostNames.plain(host.host()));
  }
}
