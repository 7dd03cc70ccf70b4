package dev.kanal.check.mix;

import dev.kanal.check.history.Run;
import dev.kanal.check.history.Spec;
import dev.kanal.check.probe.Play;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One job of the mix.
 *
 * @param plays of its attempts, in order; the last of them for all that follow
 * @param snoozes how many calls are put off before the first play
 */
public record MixedJob(
    Spec spec, Kind kind, Request request, List<Play> plays, int snoozes, @Nullable Stop stop) {
  private static final Play SNOOZE = new Play(Duration.ZERO, Run.End.SNOOZED);

  public MixedJob {
    plays = List.copyOf(plays);
  }

  /**
   * The parts of the submission that are not in its spec.
   *
   * @param absolute whether its time is given as {@code runAt}, not as {@code delay}
   * @param backoff before the second attempt
   */
  public record Request(String priority, boolean absolute, Duration backoff) {}

  /**
   * When it is cancelled.
   *
   * @param onceRunning after its first start, not after its acceptance
   */
  public record Stop(boolean onceRunning, Duration after) {}

  /**
   * What the service does about a call.
   *
   * @param attempt from 1
   * @param earlier how many calls came before
   */
  public Play play(int attempt, int earlier) {
    if (earlier < snoozes) {
      return SNOOZE;
    }
    return plays.get(Math.clamp(attempt - 1L, 0, plays.size() - 1));
  }
}
