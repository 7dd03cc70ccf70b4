package dev.kanal.scheduler.engine.read;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks for the ends of all shards that somebody waits for in one request, and for those that come
 * meanwhile in the next: thousands of readers a second cost as many requests as there are round
 * trips. Usable from any thread.
 *
 * <p>An answer is the end as it was after the question: a caller that comes while a request is
 * under way gets no answer of that one.
 */
final class GatheredLogEnds implements LogEnds {
  /** A broker that does not answer holds up questions to others for no longer than this. */
  static final Duration PACE_MAX = Duration.ofMillis(100);

  private final Function<Set<Integer>, Map<Integer, CompletableFuture<Long>>> request;
  private final Duration paceMax;

  @GuardedBy("this")
  private Map<Integer, CompletableFuture<Long>> waiting = new HashMap<>();

  @GuardedBy("this")
  private boolean asking;

  /**
   * @param request asks for the ends of shards, and answers for each of them
   * @param paceMax the next request waits no longer than this for the last
   */
  GatheredLogEnds(
      Function<Set<Integer>, Map<Integer, CompletableFuture<Long>>> request, Duration paceMax) {
    this.request = request;
    this.paceMax = paceMax;
  }

  @Override
  public CompletableFuture<Long> of(int shard) {
    CompletableFuture<Long> answer;
    Map<Integer, CompletableFuture<Long>> round;
    synchronized (this) {
      answer = waiting.computeIfAbsent(shard, _ -> new CompletableFuture<>());
      round = asking ? Map.of() : take();
    }
    ask(round);
    // Its own, so that who gives up gives up for himself alone.
    return answer.copy();
  }

  private void next() {
    Map<Integer, CompletableFuture<Long>> round;
    synchronized (this) {
      round = take();
    }
    ask(round);
  }

  /** Those who wait now; to be asked for by the caller. */
  @GuardedBy("this")
  private Map<Integer, CompletableFuture<Long>> take() {
    Map<Integer, CompletableFuture<Long>> round = waiting;
    waiting = new HashMap<>();
    asking = !round.isEmpty();
    return round;
  }

  private void ask(Map<Integer, CompletableFuture<Long>> round) {
    if (round.isEmpty()) {
      return;
    }
    CompletableFuture<?>[] answered;
    try {
      Map<Integer, CompletableFuture<Long>> answers = request.apply(Set.copyOf(round.keySet()));
      answered =
          round.entrySet().stream()
              .map(each -> pass(requireNonNull(answers.get(each.getKey())), each.getValue()))
              .toArray(CompletableFuture[]::new);
    } catch (RuntimeException e) {
      round.values().forEach(each -> each.completeExceptionally(e));
      answered = new CompletableFuture<?>[0];
    }
    var _ =
        CompletableFuture.allOf(answered)
            .completeOnTimeout(null, paceMax.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, _) -> next());
  }

  private static CompletableFuture<Long> pass(
      CompletableFuture<Long> from, CompletableFuture<Long> to) {
    return from.whenComplete(
        (end, failure) -> {
          if (failure == null) {
            to.complete(end);
          } else {
            to.completeExceptionally(failure);
          }
        });
  }
}
