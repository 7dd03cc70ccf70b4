package dev.kanal.worker.builtin;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.TokenHash;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.JobHandler;
import dev.kanal.worker.Park;
import dev.kanal.worker.Snooze;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code http}: calls a URL. 2xx is success; 408, 425, 429, 5xx, failed connections and time-outs
 * may be tried again, after {@code Retry-After} if 429 or 503 say so; everything else fails for
 * good. An asynchronous call that is answered 202 leaves the end of the attempt to who was called.
 *
 * <p>One client serves all calls of the worker: connections are kept and used again. Proxies are
 * not used, as nobody could tell then where a call ends.
 */
public final class HttpHandler implements JobHandler<HttpPayload, JsonBytes> {
  private static final int REDIRECTS_MAX = 5;
  private static final int BODY_SHOWN = 200;
  private static final int ACCEPTED = 202;
  private static final int TOKEN_BYTES = 16;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> RETRYABLE = Set.of(408, 425, 429);
  private static final Set<Integer> WITH_RETRY_AFTER = Set.of(429, 503);

  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private final Clocks clocks;
  private final HttpHandlerConfig config;
  private final Function<String, @Nullable String> environment;
  private final HttpTargets targets;
  private final SecureRandom random = new SecureRandom();
  private final HttpClient client;

  /** With the settings' defaults. */
  public HttpHandler() {
    this(HttpHandlerConfig.DEFAULT);
  }

  /**
   * Sets up the handler.
   *
   * @throws IllegalArgumentException if a target in the settings cannot be read
   */
  public HttpHandler(HttpHandlerConfig config) {
    this(config, Clocks.system(), System::getenv);
  }

  HttpHandler(
      HttpHandlerConfig config, Clocks clocks, Function<String, @Nullable String> environment) {
    this.clocks = clocks;
    this.config = config;
    this.environment = environment;
    this.targets = new HttpTargets(config);
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
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
    HttpSecrets secrets = new HttpSecrets(environment);
    String token = Boolean.TRUE.equals(payload.async()) ? token() : null;
    var needs = new HttpCall.Needs(json, config, secrets, token);
    HttpCall call = HttpCall.of(payload, context, needs);
    long end = clocks.ticker().nanos() + call.timeout().toNanos();
    for (int redirects = 0; ; redirects++) {
      HttpResponse<byte[]> response = send(call, end, context);
      if (!REDIRECTS.contains(response.statusCode())) {
        if (token != null && response.statusCode() == ACCEPTED) {
          throw new Park(TokenHash.of(token));
        }
        return result(response, secrets);
      }
      Optional<String> location = response.headers().firstValue("location");
      if (location.isEmpty() || redirects == REDIRECTS_MAX) {
        throw new JobFailed(
            "too-many-redirects",
            "Expected at most %d redirects, each with a Location, but got %d at %s"
                .formatted(REDIRECTS_MAX, redirects + 1, call.url()),
            false);
      }
      call = call.redirected(response.statusCode(), location.get(), config.anyRedirect());
    }
  }

  private HttpResponse<byte[]> send(HttpCall call, long end, Context context)
      throws JobFailed, InterruptedException {
    HttpSpan span = HttpSpan.begin(context, call);
    try (HttpTargets.Passage _ = targets.enter(call.url(), left(end))) {
      HttpCall traced = call.in(span.travels());
      HttpResponse<byte[]> response = sendNow(traced, left(end), context.resultLimit());
      span.answered(response.statusCode());
      return response;
    } catch (JobFailed | InterruptedException | RuntimeException e) {
      span.failed(e);
      throw e;
    }
  }

  private Duration left(long end) {
    return Duration.ofNanos(Math.max(1, end - clocks.ticker().nanos()));
  }

  private HttpResponse<byte[]> sendNow(HttpCall call, Duration left, int limit)
      throws JobFailed, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> sending =
        client.sendAsync(call.request(left, clocks.wall().instant()), _ -> new BoundedBody(limit));
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

  private JsonBytes result(HttpResponse<byte[]> response, HttpSecrets secrets)
      throws JobFailed, Snooze, IOException {
    int status = response.statusCode();
    if (status / 100 == 2) {
      String type = response.headers().firstValue("content-type").orElse(null);
      return HttpResult.of(status, type, response.body());
    }
    String message =
        "Expected 2xx from " + response.uri() + ", but got " + status + shown(secrets, response);
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

  /** 128 bits that nobody can guess. */
  private String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The beginning of the body; a secret that it repeats is cut out before the rest. */
  private static String shown(HttpSecrets secrets, HttpResponse<byte[]> response) {
    if (response.body().length == 0) {
      return "";
    }
    String text = secrets.masked(new String(response.body(), StandardCharsets.UTF_8));
    return ": " + text.substring(0, Math.min(text.length(), BODY_SHOWN));
  }
}
