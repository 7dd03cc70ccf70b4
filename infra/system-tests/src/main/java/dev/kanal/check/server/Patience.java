package dev.kanal.check.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long to wait for a server that is away; prints one line per absence. */
public final class Patience {
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 2_000;
  private static final int MOST_DOUBLINGS = 5;

  private final Deadline deadline;
  private final Console console;
  private final Pause pause;
  private final LongSupplier nanos;

  /** When the present absence was noticed; null while the server is there. */
  @GuardedBy("this")
  private @Nullable Long awaySince;

  public Patience(Deadline deadline, Console console, Pause pause, LongSupplier nanos) {
    this.deadline = deadline;
    this.console = console;
    this.pause = pause;
    this.nanos = nanos;
  }

  /**
   * Waits before the next try.
   *
   * @param tries how many tries in a row have failed, from 1
   * @return false, at once, when the time of the run is over
   */
  public boolean pause(Answer.Away away, int tries) throws InterruptedException {
    if (deadline.passed()) {
      return false;
    }
    noticeAbsence(away);
    pause.of(deadline.atMost(length(away, tries)));
    return !deadline.passed();
  }

  /** The server answered. */
  public synchronized void answered() {
    if (awaySince != null) {
      console.say(
          "server back after " + Console.time(Duration.ofNanos(nanos.getAsLong() - awaySince)));
      awaySince = null;
    }
  }

  private synchronized void noticeAbsence(Answer.Away away) {
    if (awaySince == null) {
      awaySince = nanos.getAsLong();
      console.say(
          "server away (%s); trying again for at most %s"
              .formatted(away.why(), Console.time(deadline.remaining())));
    }
  }

  private static Duration length(Answer.Away away, int tries) {
    long doubled = FIRST_PAUSE_MS << Math.clamp(tries - 1L, 0, MOST_DOUBLINGS);
    long longest = Math.min(LONGEST_PAUSE_MS, doubled);
    Duration backoff =
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    Duration asked = away.retryAfter();
    return asked != null && asked.compareTo(backoff) > 0 ? asked : backoff;
  }
}
