package dev.kanal.worker.builtin;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.http.BadPayloadException;
import dev.kanal.common.http.HttpPayload;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Texts;
import dev.kanal.common.job.TokenHash;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.JobHandler;
import dev.kanal.worker.Park;
import dev.kanal.worker.Snooze;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
 * good. After an asynchronous call that is answered 202, the called service completes the attempt.
 *
 * <p>One client serves all calls of the worker: connections are kept and used again. Proxies are
 * not used, as the target of a call could not be checked then.
 */
public final class HttpHandler implements JobHandler<JsonBytes, JsonBytes> {
  /** Headers that users of Java's client may set, though they are its own. */
  static final String RESTRICTED = "jdk.httpclient.allowRestrictedHeaders";

  private static final int REDIRECTS_MAX = 5;
  private static final int BODY_SHOWN = 200;
  private static final int ACCEPTED = 202;
  private static final int TOKEN_BYTES = 16;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> RETRYABLE = Set.of(408, 425, 429);
  private static final Set<Integer> WITH_RETRY_AFTER = Set.of(429, 503);

  private final Clocks clocks;
  private final HttpHandlerConfig config;
  private final Function<String, @Nullable String> environment;
  private final HttpTargets targets;
  private final SecureRandom random = new SecureRandom();
  private final HttpClient client;

  /** A handler with default settings. */
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
    this(config, clocks, environment, new HttpTargets(config));
  }

  HttpHandler(
      HttpHandlerConfig config,
      Clocks clocks,
      Function<String, @Nullable String> environment,
      HttpTargets targets) {
    this.clocks = clocks;
    this.config = config;
    this.environment = environment;
    this.targets = targets;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /**
   * Lets hosts be called whose names Java's client does not accept, such as {@code my_service}, for
   * which the process must be allowed to set {@code Host} itself. For programs whose first use of
   * that client is this handler; to be called before that use.
   */
  public static void callAnyName() {
    if (System.getProperty(RESTRICTED) == null) {
      System.setProperty(RESTRICTED, "host");
    }
  }

  @Override
  public String type() {
    return HttpPayload.TYPE;
  }

  @Override
  public Class<JsonBytes> payloadType() {
    return JsonBytes.class;
  }

  @Override
  public JsonBytes handle(Context context, JsonBytes json) throws Exception {
    HttpSecrets secrets = new HttpSecrets(environment);
    HttpPayload payload = read(json);
    String token = payload.async() ? token() : null;
    HttpCall call = HttpCall.of(payload, context, new HttpCall.Needs(config, secrets, token));
    long end = clocks.ticker().nanos() + call.timeout().toNanos();
    for (int redirects = 0; ; redirects++) {
      HttpResponse<byte[]> response = send(call, end, context);
      if (!REDIRECTS.contains(response.statusCode())) {
        if (token != null && response.statusCode() == ACCEPTED) {
          throw new Park(TokenHash.of(token));
        }
        return result(call, context, response, secrets);
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

  private static HttpPayload read(JsonBytes json) throws JobFailed {
    try {
      return HttpPayload.read(json);
    } catch (BadPayloadException e) {
      throw Payloads.bad(e.detail());
    }
  }

  private HttpResponse<byte[]> send(HttpCall call, long end, Context context)
      throws JobFailed, InterruptedException {
    HttpSpan span = HttpSpan.begin(context, call);
    try (HttpTargets.Passage passage = targets.enter(call.url(), left(end))) {
      Duration left = left(end);
      HttpRequest request =
          call.in(span.travels()).request(passage.address(), left, clocks.wall().instant());
      HttpResponse<byte[]> response = sendNow(call, request, left, context.resultLimit());
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

  private HttpResponse<byte[]> sendNow(HttpCall call, HttpRequest request, Duration left, int limit)
      throws JobFailed, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> sending =
        client.sendAsync(request, _ -> new BoundedBody(limit));
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

  private JsonBytes result(
      HttpCall call, Context context, HttpResponse<byte[]> response, HttpSecrets secrets)
      throws JobFailed, Snooze, IOException {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return HttpResult.of(status, response.headers(), response.body());
    }
    String message =
        "Expected 2xx from " + call.url() + ", but got " + status + shown(secrets, response);
    if (WITH_RETRY_AFTER.contains(status)) {
      Optional<Duration> wait =
          response
              .headers()
              .firstValue("retry-after")
              .flatMap(header -> RetryAfter.parse(header, clocks.wall().instant()));
      if (wait.isPresent()) {
        Duration own = context.backoff();
        throw new Snooze(wait.get().compareTo(own) > 0 ? wait.get() : own, message);
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

  /**
   * The beginning of the body; a secret that it repeats is cut out before the body is shortened.
   */
  private static String shown(HttpSecrets secrets, HttpResponse<byte[]> response) {
    int length = response.body().length;
    if (length == 0) {
      return "";
    }
    String text = HttpResult.text(response.headers(), response.body());
    return text == null
        ? " and " + length + " bytes that are no text"
        : ": " + Texts.cut(secrets.masked(text), BODY_SHOWN);
  }
}
