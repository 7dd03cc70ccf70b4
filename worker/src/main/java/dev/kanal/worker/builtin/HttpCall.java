package dev.kanal.worker.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request, checked: where to, how, with what.
 *
 * @param headers by name, regardless of case
 * @param body null for none
 */
record HttpCall(
    URI url, String method, Map<String, String> headers, @Nullable String body, Duration timeout) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private static final int HEADERS_MAX = 100;
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
  private static final Pattern HEADER_VALUE =
      Pattern.compile("[\\t\\x20-\\x7E\\x80-\\xFF]{0,8000}");

  /** The connection's and the protocol's own; what the handler itself says is in {@link #OURS}. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final Set<String> OURS = Set.of("kanal-job", "kanal-attempt", "kanal-dispatch");

  /** Not carried to another origin by a redirect. */
  private static final Set<String> SECRET = Set.of("authorization", "cookie");

  private static final Set<String> METHODS_REFUSED = Set.of("CONNECT", "TRACE");

  static HttpCall of(HttpPayload payload, Context context, ObjectMapper json) throws JobFailed {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Map<String, String> given = payload.headers();
    if (given != null) {
      putChecked(headers, given);
    }
    JsonNode body = payload.body();
    String text = body == null || body.isNull() ? null : text(body, json);
    if (text != null && !(body != null && body.isTextual())) {
      headers.putIfAbsent("Content-Type", "application/json");
    }
    headers.putIfAbsent("Idempotency-Key", context.jobId().toString());
    headers.put("Kanal-Job", context.jobId().toString());
    headers.put("Kanal-Attempt", Integer.toString(context.attempt()));
    headers.put("Kanal-Dispatch", Integer.toString(context.dispatch()));
    putIfPresent(headers, "traceparent", context.trace().traceparent());
    putIfPresent(headers, "tracestate", context.trace().tracestate());
    return new HttpCall(
        url(Payloads.required("url", payload.url())),
        method(payload.method()),
        headers,
        text,
        timeout(payload.timeout(), context));
  }

  HttpRequest request(Duration left) {
    var request = HttpRequest.newBuilder(url).timeout(left);
    headers.forEach(request::header);
    String content = body;
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
  HttpCall redirected(int status, String location) throws JobFailed {
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
    boolean asGet =
        !method.equals("HEAD")
            && (status == 303 || (status != 307 && status != 308 && method.equals("POST")));
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    kept.putAll(headers);
    if (!sameOrigin(target)) {
      SECRET.forEach(kept::remove);
    }
    if (asGet) {
      kept.remove("Content-Type");
    }
    return new HttpCall(target, asGet ? "GET" : method, kept, asGet ? null : body, timeout);
  }

  private boolean sameOrigin(URI other) {
    return url.getScheme().equalsIgnoreCase(other.getScheme())
        && url.getHost().equalsIgnoreCase(other.getHost())
        && url.getPort() == other.getPort();
  }

  private static void putChecked(Map<String, String> headers, Map<String, String> given)
      throws JobFailed {
    if (given.size() > HEADERS_MAX) {
      throw Payloads.bad("Expected at most " + HEADERS_MAX + " headers, but got " + given.size());
    }
    for (Map.Entry<String, String> header : given.entrySet()) {
      String name = header.getKey();
      String lower = name.toLowerCase(Locale.ROOT);
      if (!TOKEN.matcher(name).matches()) {
        throw Payloads.bad("Expected the name of a header, but got " + Payloads.shown(name));
      }
      if (FORBIDDEN.contains(lower) || OURS.contains(lower)) {
        throw Payloads.bad("Expected headers that may be set, but " + name + " may not");
      }
      if (header.getValue() == null || !HEADER_VALUE.matcher(header.getValue()).matches()) {
        throw Payloads.bad(
            "Expected a line of text of at most 8000 characters as header "
                + name
                + ", but got another");
      }
      headers.put(name, header.getValue());
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
    if (!TOKEN.matcher(method).matches() || METHODS_REFUSED.contains(method)) {
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
