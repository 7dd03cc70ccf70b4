package dev.kanal.check.mix;

import dev.kanal.check.history.Run;
import dev.kanal.check.history.Spec;
import dev.kanal.check.probe.Play;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes one job of a kind. Used once. */
final class Recipe {
  private static final Duration BACKOFF = Duration.ofMillis(200);
  private static final Duration LONG_BACKOFF = Duration.ofSeconds(30);

  /** What jitter may take off a back-off. */
  private static final double LEAST_OF_BACKOFF = 0.8;

  private static final Set<String> SUCCEEDS = Set.of("SUCCEEDED");
  private static final Set<String> DIES = Set.of("DEAD");
  private static final Set<String> EXPIRES = Set.of("EXPIRED");
  private static final List<String> PRIORITIES = List.of("high", "normal", "normal", "low");

  private final SplittableRandom random;
  private final int index;
  private final Kind kind;
  private final String queue;
  private final Spec.@Nullable Key key;
  private final List<Play> plays = new ArrayList<>();
  private Duration delay = Duration.ZERO;
  private Duration deadline = Duration.ZERO;
  private Duration timeout = Duration.ZERO;
  private Duration backoff = BACKOFF;
  private int maxAttempts = 1;
  private int snoozes;
  private Set<String> ends = SUCCEEDS;
  private MixedJob.@Nullable Stop stop;

  Recipe(SplittableRandom random, int index, Kind kind, String queue, Spec.@Nullable Key key) {
    this.random = random;
    this.index = index;
    this.kind = kind;
    this.queue = queue;
    this.key = key;
  }

  MixedJob job() {
    fill();
    if (plays.isEmpty()) {
      play(1, Run.End.SUCCEEDED, 0, 30);
    }
    Spec.Timing timing =
        new Spec.Timing(
            micros(delay),
            micros(deadline),
            micros(timeout),
            (long) (micros(backoff) * LEAST_OF_BACKOFF));
    Spec spec = new Spec(index, kind.text(), queue, key, timing, maxAttempts, ends);
    String priority = PRIORITIES.get(random.nextInt(PRIORITIES.size()));
    MixedJob.Request request = new MixedJob.Request(priority, kind == Kind.TIMED, backoff);
    return new MixedJob(spec, kind, request, plays, snoozes, stop);
  }

  private void fill() {
    switch (kind) {
      case PLAIN, PAUSED, REPEATED -> {}
      case LIMITED, RATED -> play(1, Run.End.SUCCEEDED, 5, 20);
      case LEASED -> play(1, Run.End.SUCCEEDED, 300, 4_000);
      case DELAYED, TIMED -> delay = between(1, 20_000);
      case RETRIED -> failFirst(random.nextInt(1, 4));
      case FAILING -> fail(random.nextInt(2, 4), BACKOFF);
      case REFUSED -> {
        maxAttempts = 3;
        ends = DIES;
        play(1, Run.End.REFUSED, 0, 10);
      }
      case SNOOZED -> snoozes = random.nextInt(1, 3);
      case KEYED, KEYED_MANY -> keyed(random.nextInt(20));
      case CANCELLED_WAITING -> {
        delay = between(10_000, 20_000);
        stop(false, 0, 2_000);
      }
      case CANCELLED_PAUSED -> stop(false, 0, 1_000);
      case CANCELLED_RUNNING -> {
        play(1, Run.End.SUCCEEDED, 20_000, 20_001);
        stop(true, 0, 500);
      }
      case CANCELLED_ANYHOW -> {
        play(1, Run.End.SUCCEEDED, 0, 400);
        stop(false, 0, 400);
      }
      case DEADLINE_KEPT -> deadline = Duration.ofMinutes(30);
      case EXPIRED_PAUSED -> expire(Duration.ofSeconds(1));
      case EXPIRED_RUNNING -> {
        maxAttempts = 3;
        play(1, Run.End.SUCCEEDED, 15_000, 15_001);
        expire(Duration.ofSeconds(2));
      }
      case EXPIRED_RETRYING -> {
        fail(2, LONG_BACKOFF);
        expire(Duration.ofSeconds(3));
      }
      case TIMED_OUT -> {
        maxAttempts = 2;
        timeout = Duration.ofMillis(500);
        ends = DIES;
        play(1, Run.End.SUCCEEDED, 5_000, 5_001);
      }
    }
  }

  /** Most are plain; the others block their key, each in its own way. */
  private void keyed(int draw) {
    play(1, Run.End.SUCCEEDED, 1, 25);
    switch (draw) {
      case 0, 1 -> {
        plays.clear();
        failFirst(1);
      }
      case 2 -> delay = between(1, 1_000);
      case 3 -> {
        deadline = between(100, 3_000);
        // A call that the deadline cuts short has failed, for the last time.
        ends = Set.of("SUCCEEDED", "EXPIRED", "DEAD");
      }
      case 4 -> stop(false, 0, 1_000);
      case 5 -> {
        plays.clear();
        play(1, Run.End.SUCCEEDED, 300, 600);
      }
      default -> {
        // A plain job.
      }
    }
  }

  private void failFirst(int fails) {
    maxAttempts = fails + 1;
    play(fails, Run.End.FAILED, 0, 10);
    play(1, Run.End.SUCCEEDED, 0, 30);
  }

  private void fail(int attempts, Duration initial) {
    maxAttempts = attempts;
    backoff = initial;
    ends = DIES;
    play(1, Run.End.FAILED, 0, 10);
  }

  private void expire(Duration after) {
    deadline = after;
    ends = EXPIRES;
  }

  private void stop(boolean onceRunning, int leastMs, int mostMs) {
    stop = new MixedJob.Stop(onceRunning, between(leastMs, mostMs));
    ends = Set.of("SUCCEEDED", "CANCELLED");
  }

  private void play(int times, Run.End end, int leastMs, int mostMs) {
    for (int i = 0; i < times; i++) {
      plays.add(new Play(between(leastMs, mostMs), end));
    }
  }

  private Duration between(int leastMs, int mostMs) {
    return Duration.ofMillis(random.nextInt(leastMs, mostMs));
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1_000;
  }
}
