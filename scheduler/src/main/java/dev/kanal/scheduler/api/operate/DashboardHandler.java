package dev.kanal.scheduler.api.operate;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.MediaTypes;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.dashboard.Asset;
import dev.kanal.scheduler.dashboard.Site;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends the dashboard: its page at every path that is one of its own, and the files of that. Who
 * asks for a page where there is none, outside the API, gets the one that says so.
 */
public final class DashboardHandler implements Handler<RoutingContext> {
  private static final Pattern ASSET = Pattern.compile("/assets/([0-9a-f]{1,64})/(.+)");
  private static final String FOR_GOOD = "public, max-age=31536000, immutable";
  private static final String ASK_AGAIN = "no-cache";
  private static final String HTML = "text/html";
  private static final String API = "/v1/";

  private final Site site;
  private final String policy;

  public DashboardHandler(Site site) {
    this.site = site;
    this.policy = policy(site);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = request.path();
    Matcher asset = ASSET.matcher(path == null ? "" : path);
    Optional<Asset> found =
        asset.matches() ? site.asset(asset.group(2)) : path == null ? none() : site.page(path);
    if (found.isEmpty()) {
      missing(context, path == null ? "" : path);
    } else if (!request.method().equals(HttpMethod.GET)
        && !request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader("Allow", "GET, HEAD");
      Answers.problem(
          request,
          Problem.of(
              ErrorCode.METHOD_NOT_ALLOWED,
              "Expected one of GET, HEAD, but got " + request.method().name()));
    } else {
      // One that asks for files of another version comes from a page of another node, which is
      // being replaced or has been.
      boolean exact = asset.matches() && asset.group(1).equals(site.version());
      send(request, found.get(), exact ? FOR_GOOD : ASK_AGAIN);
    }
  }

  private void missing(RoutingContext context, String path) {
    HttpServerRequest request = context.request();
    boolean asked =
        (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD))
            && MediaTypes.isNamed(String.join(",", request.headers().getAll("Accept")), HTML)
            && !path.startsWith(API);
    Optional<Asset> page = asked ? site.anywhere(path) : none();
    if (page.isEmpty()) {
      context.next();
      return;
    }
    request
        .response()
        .putHeader("Cache-Control", ASK_AGAIN)
        .putHeader("Vary", "Accept, Accept-Encoding");
    send(request, 404, page.get());
  }

  /** Nothing from elsewhere, nothing inline but what stands in the page, and nobody's frame. */
  private static String policy(Site site) {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src 'self' " + site.scriptHash(),
        "style-src 'self' " + site.styleHash(),
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'");
  }

  private static Optional<Asset> none() {
    return Optional.empty();
  }

  private void send(HttpServerRequest request, Asset asset, String caching) {
    String tag = '"' + site.version() + '"';
    request
        .response()
        .putHeader("Cache-Control", caching)
        .putHeader("ETag", tag)
        .putHeader("Vary", "Accept-Encoding");
    if (Conditions.of(request).know(tag)) {
      protect(request.response());
      Answers.notModified(request);
    } else {
      send(request, 200, asset);
    }
  }

  private void send(HttpServerRequest request, int status, Asset asset) {
    HttpServerResponse response = request.response();
    protect(response);
    boolean zipped = takesGzip(request.getHeader("Accept-Encoding"));
    if (zipped) {
      response.putHeader("Content-Encoding", "gzip");
    }
    Buffer body = Buffer.buffer(zipped ? asset.zipped() : asset.plain());
    Answers.send(request, status, asset.mediaType(), body);
  }

  private void protect(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", policy)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer");
  }

  private static boolean takesGzip(@Nullable String accepted) {
    if (accepted == null) {
      return false;
    }
    for (String coding : accepted.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = coding.split(";");
      if (parts[0].strip().equals("gzip")) {
        return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }
}
