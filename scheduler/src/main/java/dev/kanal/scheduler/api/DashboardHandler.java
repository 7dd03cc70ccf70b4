package dev.kanal.scheduler.api;

import dev.kanal.common.error.ErrorCode;
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

/** Sends the dashboard: its page at every path that is one of its own, and the files of that. */
final class DashboardHandler implements Handler<RoutingContext> {
  private static final Pattern ASSET = Pattern.compile("/assets/([0-9a-f]{1,64})/(.+)");
  private static final String FOR_GOOD = "public, max-age=31536000, immutable";
  private static final String ASK_AGAIN = "no-cache";

  private final Site site;
  private final String policy;

  DashboardHandler(Site site) {
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
      context.next();
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
    HttpServerResponse response = request.response();
    response
        .putHeader("Cache-Control", caching)
        .putHeader("ETag", tag)
        .putHeader("Vary", "Accept-Encoding")
        .putHeader("Content-Security-Policy", policy)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer");
    String known = request.getHeader("If-None-Match");
    if (known != null && known.contains(tag)) {
      Answers.notModified(request);
      return;
    }
    boolean zipped = takesGzip(request.getHeader("Accept-Encoding"));
    if (zipped) {
      response.putHeader("Content-Encoding", "gzip");
    }
    Buffer body = Buffer.buffer(zipped ? asset.zipped() : asset.plain());
    Answers.send(request, 200, asset.mediaType(), body);
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
