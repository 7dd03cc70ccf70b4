package dev.kanal.common.channel;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.upkeep.Housekeeper;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether Kafka can be reached, so that nothing waits for it in vain: by a request every
 * half second, and by what becomes of values that are sent. Logs once when Kafka goes away and once
 * when it is back. Usable from any thread.
 */
public final class KafkaReach implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaReach.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration PROBE_EVERY = Duration.ofMillis(500);
  private static final double SECOND_NANOS = 1e9;

  private final Words words;
  private final Clocks clocks;
  private final ReachRule rule = new ReachRule();
  private final Set<Guarded<?>> guarded = ConcurrentHashMap.newKeySet();
  private final List<Runnable> onLook = new CopyOnWriteArrayList<>();

  /** When the first unanswered request was sent; the looking thread. */
  private Instant silentSince = Instant.EPOCH;

  private @Nullable Question question; // the looking thread

  private @Nullable Question proof; // the looking thread

  private volatile @Nullable Housekeeper watch;

  private volatile @Nullable Away away;

  /** For how long Kafka was away before, in total. */
  private volatile long awayNanos;

  /**
   * The texts for the log.
   *
   * @param brokers that are asked
   * @param effect what it means that they are away
   * @param over what it means that they are back
   */
  public record Words(String brokers, String effect, String over) {}

  /** How Kafka is probed; neither method may block. */
  public interface Probe {
    /** Sends a request that any broker answers. */
    CompletableFuture<?> ask();

    /** Sends a harmless value, to see whether it is accepted. */
    CompletableFuture<?> send();
  }

  private record Away(String why, Instant since, long sinceNanos) {}

  private record Question(CompletableFuture<?> answer, long nanos, boolean seen) {
    boolean isAnswered() {
      return answer.state() == Future.State.SUCCESS;
    }

    boolean isOver(long now) {
      return answer.isDone() || now - nanos >= ReachRule.SILENT_AFTER.toNanos();
    }

    Question asSeen() {
      return new Question(answer, nanos, true);
    }
  }

  private record Guarded<T>(CompletableFuture<T> answer, long nanos) {}

  public KafkaReach(Words words, Clocks clocks) {
    this.words = words;
    this.clocks = clocks;
  }

  /** Begins to probe; until then Kafka counts as within reach. */
  public void watch(Probe probe) {
    Housekeeper mine =
        new Housekeeper(
            "kanal-reach",
            "look whether Kafka can be reached",
            LOOK_EVERY,
            () -> {
              look(probe);
              onLook.forEach(Runnable::run);
            });
    mine.start();
    watch = mine;
  }

  /** Why Kafka cannot be reached; null while it can. */
  public @Nullable String away() {
    Away now = away;
    return now == null ? null : now.why;
  }

  /** For how long Kafka has been out of reach; zero while it is not. */
  public Duration awayFor() {
    Away now = away;
    return now == null ? Duration.ZERO : Duration.ofNanos(clocks.ticker().nanos() - now.sinceNanos);
  }

  /** Since when Kafka is out of reach; null while it is not. */
  public @Nullable Instant awaySince() {
    Away now = away;
    return now == null ? null : now.since;
  }

  /**
   * The same answer; but it fails with a {@link SendFailedException} at once while Kafka is out of
   * reach, and as soon as Kafka has answered nothing for a second and a half.
   */
  public <T> CompletableFuture<T> guard(CompletableFuture<T> asked) {
    if (asked.isDone()) {
      return asked;
    }
    String why = away();
    if (why != null) {
      return CompletableFuture.failedFuture(new SendFailedException(why));
    }
    // No copy: that of a Kafka client's future cannot be completed by others.
    Guarded<T> mine = new Guarded<>(new CompletableFuture<>(), nanos());
    guarded.add(mine);
    var _ =
        asked.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                mine.answer.complete(value);
              } else {
                mine.answer.completeExceptionally(failure);
              }
            });
    var _ = mine.answer.whenComplete((_, _) -> guarded.remove(mine));
    return mine.answer;
  }

  /**
   * Time during which Kafka was within reach: what is silent only because Kafka is away does not
   * age meanwhile.
   */
  public Ticker ticker() {
    return () -> {
      Away now = away;
      return (now == null ? nanos() : now.sinceNanos) - awayNanos;
    };
  }

  @Override
  public void close() {
    Housekeeper mine = watch;
    if (mine != null) {
      mine.close();
    }
  }

  /** Registers a check that the looking thread runs ten times a second; it must not block. */
  void onLook(Runnable look) {
    onLook.add(look);
  }

  long nanos() {
    return clocks.ticker().nanos();
  }

  /** Kafka has accepted a value. */
  void took() {
    rule.took(nanos());
    if (away != null) {
      settle();
    }
  }

  /** Kafka has not accepted a value that was sent at that time. */
  void failed(long sentNanos) {
    rule.failed(sentNanos);
  }

  /** One look, by the looking thread, or by a test. */
  void look(Probe probe) {
    long now = nanos();
    lookAtQuestion(probe, now);
    lookAtProof(probe, now);
    settle();
    if (rule.isSilent(now)) {
      failGuarded(now);
    }
  }

  private void lookAtQuestion(Probe probe, long now) {
    Question open = question;
    if (open != null && !open.seen && open.isOver(now)) {
      if (open.isAnswered()) {
        rule.answered();
      } else {
        rule.missed(now);
      }
      question = open.asSeen();
    }
    if (isNextDue(question, now)) {
      if (!rule.isSilent(now)) {
        silentSince = clocks.wall().instant().truncatedTo(ChronoUnit.SECONDS);
      }
      rule.asked(now);
      question = new Question(probe.ask(), now, false);
    }
  }

  private void lookAtProof(Probe probe, long now) {
    Question open = proof;
    if (open != null && !open.seen && open.answer.isDone()) {
      if (open.isAnswered()) {
        rule.took(now);
      } else {
        rule.proofFailed(now);
      }
      proof = open.asSeen();
    }
    if (rule.wantsProof() && isNextDue(proof, now)) {
      proof = new Question(probe.send(), now, false);
    }
  }

  private static boolean isNextDue(@Nullable Question last, long now) {
    return last == null || (last.seen && now - last.nanos >= PROBE_EVERY.toNanos());
  }

  private synchronized void settle() {
    ReachRule.State state = rule.state();
    Away before = away;
    if (state.away() && before == null) {
      String why =
          "Kafka (%s) %s since %s"
              .formatted(
                  words.brokers,
                  state == ReachRule.State.SILENT ? "is out of reach" : "takes nothing",
                  silentSince);
      away = new Away(why, silentSince, nanos());
      log.warn("{}: {}", why, words.effect);
    } else if (!state.away() && before != null) {
      awayNanos += nanos() - before.sinceNanos;
      away = null;
      double seconds =
          Duration.between(before.since, clocks.wall().instant()).toNanos() / SECOND_NANOS;
      log.warn(
          "Kafka ({}) is back after {} s: {}",
          words.brokers,
          String.format(Locale.ROOT, "%.1f", Math.max(0, seconds)),
          words.over);
    }
  }

  private void failGuarded(long now) {
    String why = away();
    List<Guarded<?>> over = new ArrayList<>();
    for (Guarded<?> each : guarded) {
      if (why != null || now - each.nanos >= ReachRule.SILENT_AFTER.toNanos()) {
        over.add(each);
      }
    }
    String message = why == null ? "Kafka (" + words.brokers + ") does not answer" : why;
    over.forEach(each -> each.answer.completeExceptionally(new SendFailedException(message)));
  }
}
