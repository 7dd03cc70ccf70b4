package dev.kanal.check.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Talks to one Kanal server over REST. Never repeats a request by itself. */
public final class KanalClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int LONGEST_ANSWER_BYTES = 4 * 1024 * 1024;
  private static final long LONGEST_RETRY_AFTER_SECONDS = 60;
  private static final int TOO_MANY = 429;

  /** The answers after which the same request may be made again. */
  private static final Set<Integer> COME_BACK = Set.of(TOO_MANY, 502, 503, 504);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String base;

  /**
   * @param base address without a path, such as {@code http://127.0.0.1:8080}
   */
  public KanalClient(URI base) {
    String text = base.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** Whether these answers ask to try again later. */
  public static boolean isComeBack(int status) {
    return COME_BACK.contains(status);
  }

  public Answer get(String path) throws InterruptedException {
    return exchange(request(path, ANSWER).GET().build());
  }

  public Answer post(String path, String body) throws InterruptedException {
    return exchange(
        request(path, ANSWER)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /**
   * @param body null for none
   */
  public Answer call(String method, String path, @Nullable String body, Map<String, String> headers)
      throws InterruptedException {
    HttpRequest.Builder request = request(path, ANSWER);
    if (body != null) {
      request.header("content-type", "application/json");
    }
    headers.forEach(request::header);
    return exchange(
        request
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build());
  }

  /** Asks for a job, as it is now. */
  public JobAnswer job(String id) throws InterruptedException {
    return JobAnswer.of(id, get("/v1/jobs/" + id), json);
  }

  /** Asks for a job, and waits at the server until it is final or the time is over. */
  public JobAnswer job(String id, Duration wait) throws InterruptedException {
    String path = "/v1/jobs/" + id + "?wait=" + Math.max(1, wait.toSeconds()) + "s";
    return JobAnswer.of(id, exchange(request(path, ANSWER.plus(wait)).GET().build()), json);
  }

  /**
   * Submits lines as a stream.
   *
   * @param lines each ends with a line feed
   */
  public BatchAnswer bulk(Iterable<byte[]> lines) throws InterruptedException {
    HttpRequest request =
        request("/v1/jobs/bulk", ANSWER.plus(ANSWER))
            .header("content-type", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArrays(lines))
            .build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() == 200) {
        return new BatchAnswerReader(json).read(response.body());
      }
      return switch (read(response)) {
        case Answer.Away away -> new BatchAnswer.Away(away);
        case Answer.Got got -> new BatchAnswer.Refused(got.status(), Texts.shorten(got.body()));
      };
    } catch (IOException e) {
      return new BatchAnswer.Away(away(e));
    }
  }

  /** Breaks off what is under way; its callers see the server as away. */
  void abort() {
    http.shutdownNow();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
  }

  private Answer exchange(HttpRequest request) throws InterruptedException {
    try {
      return read(http.send(request, BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      return away(e);
    }
  }

  private static Answer read(HttpResponse<InputStream> response) throws IOException {
    int status = response.statusCode();
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(LONGEST_ANSWER_BYTES + 1);
      if (body.length > LONGEST_ANSWER_BYTES) {
        throw new IOException(
            "Expected an answer of at most " + LONGEST_ANSWER_BYTES + " bytes, but it is longer");
      }
      String text = new String(body, StandardCharsets.UTF_8);
      if (isComeBack(status)) {
        return new Answer.Away(
            "status " + status + ": " + Texts.shorten(text),
            status != TOO_MANY,
            retryAfter(response));
      }
      return new Answer.Got(status, text);
    }
  }

  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String value = response.headers().firstValue("retry-after").orElse("");
    if (!value.matches("\\d{1,9}")) {
      return null;
    }
    return Duration.ofSeconds(Math.min(LONGEST_RETRY_AFTER_SECONDS, Long.parseLong(value)));
  }

  private static Answer.Away away(IOException e) {
    if (e instanceof HttpConnectTimeoutException) {
      return new Answer.Away("nobody answers at this address", false, null);
    }
    if (e instanceof ConnectException) {
      return new Answer.Away(isUnresolved(e) ? "no such host" : "connection refused", false, null);
    }
    if (e instanceof HttpTimeoutException) {
      return new Answer.Away("no answer in time", true, null);
    }
    return new Answer.Away("the connection broke: " + e.getMessage(), true, null);
  }

  private static boolean isUnresolved(@Nullable Throwable e) {
    return e instanceof UnresolvedAddressException || (e != null && isUnresolved(e.getCause()));
  }
}
