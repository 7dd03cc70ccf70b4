package dev.kanal.scheduler.api.door;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives every client address a bucket of requests that fills evenly. A batch upload counts as one;
 * health and contract do not count. Remembers a bounded number of clients and forgets the one that
 * was silent longest.
 */
public final class RateLimiter implements Handler<RoutingContext> {
  /** How many clients are remembered. */
  static final int CLIENTS_MAX = 10_000;

  private final int quota;
  private final Duration window;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();

  /** In the order of their last request. */
  @GuardedBy("lock")
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  /** Each client gets {@code quota} requests a {@code window}. */
  public RateLimiter(int quota, Duration window, Ticker ticker) {
    this.quota = quota;
    this.window = window;
    this.ticker = ticker;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = context.normalizedPath();
    if (!path.startsWith("/v1/") && !path.startsWith(Route.INTERNAL + "/")) {
      context.next();
      return;
    }
    Verdict verdict = take(ClientPlaces.client(request));
    request
        .response()
        .putHeader("RateLimit-Policy", "\"default\";q=" + quota + ";w=" + window.toSeconds())
        .putHeader(
            "RateLimit", "\"default\";r=" + verdict.remaining + ";t=" + verdict.fullInSeconds);
    if (verdict.allowed) {
      context.next();
    } else {
      Answers.problem(
          request,
          Problem.later(
              ErrorCode.RATE_LIMITED,
              "Expected at most " + quota + " requests in " + window + " from one client",
              verdict.nextInSeconds));
    }
  }

  Verdict take(String client) {
    long now = ticker.nanos();
    lock.lock();
    try {
      Bucket bucket = buckets.computeIfAbsent(client, _ -> new Bucket(quota, now));
      forgetOldest();
      double perNano = (double) quota / window.toNanos();
      bucket.tokens = Math.min(quota, bucket.tokens + (now - bucket.filledAt) * perNano);
      bucket.filledAt = now;
      boolean allowed = bucket.tokens >= 1;
      bucket.tokens -= allowed ? 1 : 0;
      return new Verdict(
          allowed,
          (int) bucket.tokens,
          seconds((quota - bucket.tokens) / perNano),
          seconds((1 - bucket.tokens) / perNano));
    } finally {
      lock.unlock();
    }
  }

  int clients() {
    lock.lock();
    try {
      return buckets.size();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void forgetOldest() {
    if (buckets.size() > CLIENTS_MAX) {
      Iterator<String> oldest = buckets.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private static int seconds(double nanos) {
    return (int) Math.ceil(Math.max(0, nanos) / 1e9);
  }

  /**
   * What a request gets.
   *
   * @param fullInSeconds when the bucket is full again
   * @param nextInSeconds when the next request passes
   */
  record Verdict(boolean allowed, int remaining, int fullInSeconds, int nextInSeconds) {}

  /** Guarded by {@code lock}. */
  private static final class Bucket {
    private double tokens;
    private long filledAt;

    Bucket(double tokens, long filledAt) {
      this.tokens = tokens;
      this.filledAt = filledAt;
    }
  }
}
