package dev.kanal.worker.builtin;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.JobHandler;
import dev.kanal.worker.Snooze;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code http}: calls a URL. 2xx is success; 408, 425, 429, 5xx, failed connections and time-outs
 * may be tried again, after {@code Retry-After} if 429 or 503 say so; everything else fails for
 * good.
 */
public final class HttpHandler implements JobHandler<HttpPayload, JsonBytes> {
  private static final int REDIRECTS_MAX = 5;
  private static final int BODY_SHOWN = 200;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> RETRYABLE = Set.of(408, 425, 429);
  private static final Set<Integer> WITH_RETRY_AFTER = Set.of(429, 503);

  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private final Clocks clocks;
  private final HttpClient client;

  public HttpHandler() {
    this(Clocks.system());
  }

  HttpHandler(Clocks clocks) {
    this.clocks = clocks;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public String type() {
    return "http";
  }

  @Override
  public Class<HttpPayload> payloadType() {
    return HttpPayload.class;
  }

  @Override
  public JsonBytes handle(Context context, HttpPayload payload) throws Exception {
    HttpCall call = HttpCall.of(payload, context, json);
    long end = clocks.ticker().nanos() + call.timeout().toNanos();
    for (int redirects = 0; ; redirects++) {
      HttpResponse<byte[]> response = send(call, end, context.resultLimit());
      if (!REDIRECTS.contains(response.statusCode())) {
        return result(response);
      }
      Optional<String> location = response.headers().firstValue("location");
      if (location.isEmpty() || redirects == REDIRECTS_MAX) {
        throw new JobFailed(
            "too-many-redirects",
            "Expected at most %d redirects, each with a Location, but got %d at %s"
                .formatted(REDIRECTS_MAX, redirects + 1, call.url()),
            false);
      }
      call = call.redirected(response.statusCode(), location.get());
    }
  }

  private HttpResponse<byte[]> send(HttpCall call, long end, int limit)
      throws JobFailed, InterruptedException {
    Duration left = Duration.ofNanos(Math.max(1, end - clocks.ticker().nanos()));
    CompletableFuture<HttpResponse<byte[]>> sending =
        client.sendAsync(call.request(left), _ -> new BoundedBody(limit));
    try {
      return sending.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failure(call, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw timedOut(call, e);
    } finally {
      sending.cancel(true);
    }
  }

  private static JobFailed failure(HttpCall call, Throwable cause) {
    return switch (cause) {
      case BoundedBody.TooLargeException tooLarge ->
          new JobFailed(
              "response-too-large", String.valueOf(tooLarge.getMessage()), false, tooLarge);
      case java.net.http.HttpTimeoutException timeout -> timedOut(call, timeout);
      default ->
          new JobFailed(
              "connection-failed",
              "Expected an answer from " + call.url() + ", but: " + cause,
              true,
              cause);
    };
  }

  private static JobFailed timedOut(HttpCall call, Exception cause) {
    return new JobFailed(
        "http-timeout",
        "Expected an answer from " + call.url() + " within " + call.timeout() + ", but got none",
        true,
        cause);
  }

  private JsonBytes result(HttpResponse<byte[]> response) throws JobFailed, Snooze, IOException {
    int status = response.statusCode();
    if (status / 100 == 2) {
      String type = response.headers().firstValue("content-type").orElse(null);
      return HttpResult.of(status, type, response.body());
    }
    String message =
        "Expected 2xx from " + response.uri() + ", but got " + status + shown(response);
    if (WITH_RETRY_AFTER.contains(status)) {
      Optional<Duration> wait =
          response
              .headers()
              .firstValue("retry-after")
              .flatMap(header -> RetryAfter.parse(header, clocks.wall().instant()));
      if (wait.isPresent()) {
        throw new Snooze(wait.get(), message);
      }
    }
    throw new JobFailed("http-" + status, message, status / 100 == 5 || RETRYABLE.contains(status));
  }

  private static String shown(HttpResponse<byte[]> response) {
    byte[] body = response.body();
    if (body.length == 0) {
      return "";
    }
    var text =
        new String(
            body, 0, Math.min(body.length, BODY_SHOWN), java.nio.charset.StandardCharsets.UTF_8);
    return ": " + text;
  }
}
