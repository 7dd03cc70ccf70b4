package dev.kanal.worker.builtin;

import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.http.HeaderRules;
import dev.kanal.common.http.HttpPayload;
import dev.kanal.common.http.HttpUrl;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One request: its target, method and content.
 *
 * @param headers by name, regardless of case
 * @param secret names of headers that are for this host alone
 * @param body null for none
 * @param signKey null for a call that is not signed
 */
record HttpCall(
    HttpUrl url,
    String method,
    Map<String, String> headers,
    Set<String> secret,
    @Nullable String body,
    @Nullable String signKey,
    Duration timeout) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** Header: the token of the job's dispatch, which completes its attempt. */
  static final String TOKEN = "Kanal-Complete-Token";

  private static final String TOKEN_URL = "Kanal-Complete-Url";

  /**
   * The prefix of headers about the body, which are dropped with it when a redirect is followed
   * without it.
   */
  private static final String CONTENT_PREFIX = "content-";

  /** Not carried to another origin by a redirect, nor are headers made of secrets. */
  private static final Set<String> SECRET = Set.of("authorization", "cookie", TOKEN, TOKEN_URL);

  private static final String REDIRECT_REFUSED = "redirect-refused";

  /**
   * The parts of a call.
   *
   * @param token of an asynchronous attempt; null for another
   */
  record Needs(HttpHandlerConfig config, HttpSecrets secrets, @Nullable String token) {}

  static HttpCall of(HttpPayload payload, Context context, Needs needs) throws JobFailed {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> secret = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    secret.addAll(SECRET);
    Duration timeout = timeout(payload.timeout(), context);
    for (Map.Entry<String, HttpPayload.Header> header : payload.headers().entrySet()) {
      switch (header.getValue()) {
        case HttpPayload.Header.Text(String value) -> headers.put(header.getKey(), value);
        case HttpPayload.Header.Secret(String name) -> {
          headers.put(header.getKey(), resolved(header.getKey(), name, needs.secrets));
          secret.add(header.getKey());
        }
      }
    }
    HttpPayload.Body body = payload.body();
    if (body != null && body.isJson()) {
      headers.putIfAbsent("Content-Type", "application/json");
    }
    putOwn(headers, context, needs);
    String text = body == null ? null : body.text();
    String signKey = signKey(payload.sign(), needs);
    return new HttpCall(payload.url(), payload.method(), headers, secret, text, signKey, timeout);
  }

  private static String resolved(String header, String name, HttpSecrets secrets) throws JobFailed {
    String value = secrets.named(name);
    String fault = HeaderRules.fault(value);
    if (fault != null) {
      throw Payloads.bad(
          HeaderRules.expectation(header) + ", but of the secret " + name + " " + fault);
    }
    return value;
  }

  private static void putOwn(Map<String, String> headers, Context context, Needs needs) {
    String job = context.jobId().toString();
    headers.put("Idempotency-Key", job);
    headers.put("Kanal-Job", job);
    headers.put("Kanal-Attempt", Integer.toString(context.attempt()));
    headers.put("Kanal-Dispatch", Integer.toString(context.dispatch()));
    headers.put("Kanal-Deadline", context.deadline().toString());
    String base = needs.config.completeUrl();
    if (needs.token != null) {
      headers.put(TOKEN, needs.token);
      if (!base.isEmpty()) {
        String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        headers.put(TOKEN_URL, root + "/v1/jobs/" + job + "/complete");
      }
    }
  }

  private static @Nullable String signKey(@Nullable String given, Needs needs) throws JobFailed {
    String name = given == null ? needs.config.sign() : given;
    return name.isEmpty() ? null : needs.secrets.named(name);
  }

  /** The same request at a place in a trace, with the values that travel along. */
  HttpCall in(TraceContext trace) {
    Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    putIfPresent(more, "traceparent", trace.traceparent());
    putIfPresent(more, "tracestate", trace.tracestate());
    putIfPresent(more, "baggage", trace.baggage());
    return new HttpCall(url, method, more, secret, body, signKey, timeout);
  }

  /**
   * The request in the client's form.
   *
   * @param address of the host, for a name that the client does not take
   * @throws JobFailed if there is such a name, and this Java must not set it in a header
   */
  HttpRequest request(InetAddress address, Duration left, Instant now) throws JobFailed {
    var request = HttpRequest.newBuilder(uri(address)).timeout(left).version(version());
    headers.forEach(request::header);
    if (!url.isPlain()) {
      name(request);
    }
    String content = body;
    if (signKey != null) {
      request.header(
          HttpSignature.HEADER, HttpSignature.of(signKey, now, content == null ? "" : content));
    }
    return request
        .method(
            method,
            content == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(content, StandardCharsets.UTF_8))
        .build();
  }

  private URI uri(InetAddress address) {
    if (url.isPlain()) {
      return URI.create(url.text());
    }
    String literal = address.getHostAddress();
    String host = address instanceof Inet6Address ? "[" + literal + "]" : literal;
    String query = url.query() == null ? "" : "?" + url.query();
    return URI.create("http://" + host + ":" + url.port() + url.path() + query);
  }

  private void name(HttpRequest.Builder request) throws JobFailed {
    try {
      request.header("Host", url.authority());
    } catch (IllegalArgumentException e) {
      throw new JobFailed(
          Payloads.BAD,
          "Expected a host of letters, digits and '-' as url, but got "
              + url.host()
              + "; such names are called where Java was started with -D"
              + HttpHandler.RESTRICTED
              + "=host",
          false,
          e);
    }
  }

  /**
   * HTTP/2 where TLS negotiates it. Over plain HTTP the client would offer an upgrade with its
   * first request, which servers that know other upgrades answer with an error.
   */
  private HttpClient.Version version() {
    return url.isSecure() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
  }

  /**
   * Where a redirect leads.
   *
   * @throws JobFailed if it must not be followed
   */
  HttpCall redirected(int status, String location, boolean anyHost) throws JobFailed {
    HttpUrl target;
    try {
      target = url.resolve(location);
    } catch (HttpUrl.BadUrlException e) {
      throw new JobFailed(
          REDIRECT_REFUSED,
          "Expected a URL as Location of the redirect from " + url + ", but " + e.why(),
          false);
    }
    if (url.isSecure() && !target.isSecure()) {
      throw new JobFailed(
          REDIRECT_REFUSED, "Expected a redirect to stay on https, but it leads to http", false);
    }
    if (!anyHost && !url.name().equals(target.name())) {
      throw new JobFailed(
          REDIRECT_REFUSED,
          "Expected a redirect within "
              + url.name()
              + ", but it leads to "
              + Payloads.shown(target.name())
              + " (worker.http-handler.redirects)",
          false);
    }
    boolean asGet =
        !method.equals("HEAD")
            && (status == 303 || (status != 307 && status != 308 && method.equals("POST")));
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    kept.putAll(headers);
    boolean stays = url.sharesOrigin(target);
    if (!stays) {
      secret.forEach(kept::remove);
    }
    if (asGet) {
      kept.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith(CONTENT_PREFIX));
    }
    return new HttpCall(
        target,
        asGet ? "GET" : method,
        kept,
        secret,
        asGet ? null : body,
        stays ? signKey : null,
        timeout);
  }

  /** Without its secrets and its query. */
  @Override
  public String toString() {
    return method + " " + url;
  }

  private static void putIfPresent(
      Map<String, String> headers, String name, @Nullable String value) {
    if (value != null && HeaderRules.fault(value) == null) {
      headers.putIfAbsent(name, value);
    }
  }

  private static Duration timeout(@Nullable Duration given, Context context) throws JobFailed {
    Duration timeout = given == null ? DEFAULT_TIMEOUT : given;
    Duration left = context.remaining();
    if (left.isZero()) {
      throw new JobFailed("http-timeout", "Expected time to make a call, but none is left", true);
    }
    return timeout.compareTo(left) < 0 ? timeout : left;
  }
}
