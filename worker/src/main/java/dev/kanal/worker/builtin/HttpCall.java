package dev.kanal.worker.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.job.TraceContext;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request, checked: where to, how, with what.
 *
 * @param headers by name, regardless of case
 * @param secret names of headers that are for this host alone
 * @param body null for none
 * @param signKey null for a call that is not signed
 */
record HttpCall(
    URI url,
    String method,
    Map<String, String> headers,
    Set<String> secret,
    @Nullable String body,
    @Nullable String signKey,
    Duration timeout) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** Of the job's dispatch; completes its attempt. */
  static final String TOKEN = "Kanal-Complete-Token";

  private static final String TOKEN_URL = "Kanal-Complete-Url";
  private static final String OURS_PREFIX = "kanal-";
  private static final int HEADERS_MAX = 100;
  private static final Pattern TOKEN_PATTERN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
  private static final Pattern HEADER_VALUE =
      Pattern.compile("[\\t\\x20-\\x7E\\x80-\\xFF]{0,8000}");

  /** The connection's and the protocol's own, and what the handler says itself. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "baggage",
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "idempotency-key",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "traceparent",
          "tracestate",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Not carried to another origin by a redirect, nor are headers made of secrets. */
  private static final Set<String> SECRET = Set.of("authorization", "cookie", TOKEN, TOKEN_URL);

  private static final Set<String> METHODS_REFUSED = Set.of("CONNECT", "TRACE");

  /**
   * What a call is made with.
   *
   * @param token of an asynchronous attempt; null for another
   */
  record Needs(
      ObjectMapper json, HttpHandlerConfig config, HttpSecrets secrets, @Nullable String token) {}

  static HttpCall of(HttpPayload payload, Context context, Needs needs) throws JobFailed {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> secret = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    secret.addAll(SECRET);
    URI url = url(Payloads.required("url", payload.url()));
    String method = method(payload.method());
    Duration timeout = timeout(payload.timeout(), context);
    Map<String, JsonNode> given = payload.headers();
    if (given != null) {
      putChecked(headers, secret, given, needs.secrets);
    }
    JsonNode body = payload.body();
    String text = body == null || body.isNull() ? null : text(body, needs.json);
    if (text != null && !(body != null && body.isTextual())) {
      headers.putIfAbsent("Content-Type", "application/json");
    }
    putOwn(headers, context, needs);
    return new HttpCall(
        url, method, headers, secret, text, signKey(payload.sign(), needs), timeout);
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

  private static @Nullable String signKey(@Nullable JsonNode given, Needs needs) throws JobFailed {
    if (given != null && !given.isNull()) {
      return needs.secrets.resolve("sign", given);
    }
    String name = needs.config.sign();
    return name.isEmpty() ? null : needs.secrets.named(name);
  }

  /** The same request in a place of a trace, with the values that travel. */
  HttpCall in(TraceContext trace) {
    Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    putIfPresent(more, "traceparent", trace.traceparent());
    putIfPresent(more, "tracestate", trace.tracestate());
    putIfPresent(more, "baggage", trace.baggage());
    return new HttpCall(url, method, more, secret, body, signKey, timeout);
  }

  HttpRequest request(Duration left, Instant now) {
    var request = HttpRequest.newBuilder(url).timeout(left);
    headers.forEach(request::header);
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

  /**
   * Where a redirect leads.
   *
   * @throws JobFailed if it must not be followed
   */
  HttpCall redirected(int status, String location, boolean anyHost) throws JobFailed {
    URI target;
    try {
      target = checked(url.resolve(new URI(location)));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new JobFailed(
          "redirect-refused", "Expected a URL as Location, but: " + e.getMessage(), false);
    }
    if ("https".equalsIgnoreCase(url.getScheme()) && "http".equalsIgnoreCase(target.getScheme())) {
      throw new JobFailed(
          "redirect-refused", "Expected a redirect to stay on https, but it leads to http", false);
    }
    if (!anyHost && !url.getHost().equalsIgnoreCase(target.getHost())) {
      throw new JobFailed(
          "redirect-refused",
          "Expected a redirect within "
              + url.getHost()
              + ", but it leads to "
              + Payloads.shown(target.getHost())
              + " (worker.http-handler.redirects)",
          false);
    }
    boolean asGet =
        !method.equals("HEAD")
            && (status == 303 || (status != 307 && status != 308 && method.equals("POST")));
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    kept.putAll(headers);
    boolean stays = sameOrigin(target);
    if (!stays) {
      secret.forEach(kept::remove);
    }
    if (asGet) {
      kept.remove("Content-Type");
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

  private boolean sameOrigin(URI other) {
    return url.getScheme().equalsIgnoreCase(other.getScheme())
        && url.getHost().equalsIgnoreCase(other.getHost())
        && url.getPort() == other.getPort();
  }

  /** Not with its secrets. */
  @Override
  public String toString() {
    return method + " " + url;
  }

  private static void putChecked(
      Map<String, String> headers,
      Set<String> secret,
      Map<String, JsonNode> given,
      HttpSecrets secrets)
      throws JobFailed {
    if (given.size() > HEADERS_MAX) {
      throw Payloads.bad("Expected at most " + HEADERS_MAX + " headers, but got " + given.size());
    }
    for (Map.Entry<String, JsonNode> header : given.entrySet()) {
      String name = header.getKey();
      String lower = name.toLowerCase(Locale.ROOT);
      if (!TOKEN_PATTERN.matcher(name).matches()) {
        throw Payloads.bad("Expected the name of a header, but got " + Payloads.shown(name));
      }
      if (FORBIDDEN.contains(lower) || lower.startsWith(OURS_PREFIX)) {
        throw Payloads.bad("Expected headers that may be set, but " + name + " may not");
      }
      boolean isSecret = HttpSecrets.isReference(header.getValue());
      String value =
          isSecret
              ? secrets.resolve("header " + name, header.getValue())
              : header.getValue() == null || !header.getValue().isValueNode()
                  ? null
                  : header.getValue().asText();
      if (value == null || !HEADER_VALUE.matcher(value).matches()) {
        throw Payloads.bad(
            "Expected a line of text of at most 8000 characters as header "
                + name
                + ", but got another");
      }
      headers.put(name, value);
      if (isSecret) {
        secret.add(name);
      }
    }
  }

  private static void putIfPresent(
      Map<String, String> headers, String name, @Nullable String value) {
    if (value != null && HEADER_VALUE.matcher(value).matches()) {
      headers.putIfAbsent(name, value);
    }
  }

  private static String text(JsonNode body, ObjectMapper json) throws JobFailed {
    try {
      return body.isTextual() ? body.textValue() : json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw Payloads.bad("Expected a body that is JSON, but: " + e.getMessage());
    }
  }

  private static URI url(String text) throws JobFailed {
    try {
      return checked(new URI(text));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw Payloads.bad("Expected an http or https URL as url, but: " + e.getMessage());
    }
  }

  private static URI checked(URI url) {
    String scheme = url.getScheme();
    if (scheme == null || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
      throw new IllegalArgumentException("the scheme is " + scheme);
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException("there is no host");
    }
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException("there is a user in it; use the Authorization header");
    }
    return url;
  }

  private static String method(@Nullable String given) throws JobFailed {
    if (given == null) {
      return "POST";
    }
    String method = given.toUpperCase(Locale.ROOT);
    if (!TOKEN_PATTERN.matcher(method).matches() || METHODS_REFUSED.contains(method)) {
      throw Payloads.bad("Expected an HTTP method, but got " + Payloads.shown(given));
    }
    return method;
  }

  private static Duration timeout(@Nullable String given, Context context) throws JobFailed {
    Duration timeout = given == null ? DEFAULT_TIMEOUT : Payloads.duration("timeout", given);
    Duration left = context.remaining();
    if (left.isZero()) {
      throw new JobFailed("http-timeout", "Expected time to make a call, but none is left", true);
    }
    Duration shorter = timeout.compareTo(left) < 0 ? timeout : left;
    if (shorter.isZero()) {
      throw Payloads.bad("Expected a timeout of 1 ms or more, but got " + shorter);
    }
    return shorter;
  }
}
