package dev.kanal.common.http;

import dev.kanal.common.job.JsonBytes;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to call: the payload of a job of type {@value #TYPE}, checked as far as that is possible
 * without the worker and its settings.
 *
 * @param headers by name, regardless of case
 * @param body null for none
 * @param timeout of the whole call, with its redirects; null if the payload does not say
 * @param sign name of the secret with which the call is signed; null if the payload does not say
 * @param async whether after a 202 the called service completes the attempt
 */
public record HttpPayload(
    HttpUrl url,
    String method,
    Map<String, Header> headers,
    @Nullable Body body,
    @Nullable Duration timeout,
    @Nullable String sign,
    boolean async) {
  /** The type of jobs with such payloads. */
  public static final String TYPE = "http";

  /** Most headers. */
  public static final int HEADERS_MAX = 100;

  public HttpPayload {
    Map<String, Header> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = Collections.unmodifiableMap(sorted);
  }

  /** The value of a header. */
  public sealed interface Header {
    record Text(String value) implements Header {}

    /** The secret in the worker's environment under {@code KANAL_SECRET_} and this name. */
    record Secret(String name) implements Header {}
  }

  /**
   * What is sent, in UTF-8.
   *
   * @param text JSON as it stands in the payload; of a string, its content
   */
  public record Body(String text, boolean isJson) {}

  /** Reads a payload, or says what is wrong with it. */
  public static HttpPayload read(JsonBytes payload) throws BadPayloadException {
    return HttpPayloadReader.read(payload);
  }
}
