package dev.kanal.check.mixed;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.Cancel;
import dev.kanal.check.history.Repeat;
import dev.kanal.check.history.Ticks;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All answers so far. Safe for any thread. */
final class Ledger {
  private final PromiseTally taken = new PromiseTally("every job is accepted");

  @GuardedBy("this")
  private final List<Accepted> accepted = new ArrayList<>();

  @GuardedBy("this")
  private final List<Cancel> cancels = new ArrayList<>();

  @GuardedBy("this")
  private final List<Repeat> repeats = new ArrayList<>();

  @GuardedBy("this")
  private final List<Ticks> schedules = new ArrayList<>();

  @GuardedBy("this")
  private final Set<String> unsureOrder = new HashSet<>();

  @GuardedBy("this")
  private long sentTwice;

  /** Microseconds since 1970. */
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, InstantSource.system().instant());
  }

  synchronized void accept(Accepted job) {
    taken.kept();
    accepted.add(job);
  }

  void refuse(String what) {
    taken.broken(what);
  }

  /** A line whose first answer was lost was sent again. */
  synchronized void sendTwice() {
    sentTwice++;
  }

  synchronized void doubtOrder(String key) {
    unsureOrder.add(key);
  }

  synchronized void cancel(Cancel cancel) {
    cancels.add(cancel);
  }

  synchronized void repeat(Repeat repeat) {
    repeats.add(repeat);
  }

  synchronized void schedule(Ticks ticks) {
    schedules.add(ticks);
  }

  synchronized List<Accepted> accepted() {
    return List.copyOf(accepted);
  }

  synchronized List<Cancel> cancels() {
    return List.copyOf(cancels);
  }

  synchronized List<Repeat> repeats() {
    return List.copyOf(repeats);
  }

  synchronized List<Ticks> schedules() {
    return List.copyOf(schedules);
  }

  synchronized Set<String> unsureOrder() {
    return Set.copyOf(unsureOrder);
  }

  synchronized long sentTwice() {
    return sentTwice;
  }

  Promise taken() {
    return taken.toPromise();
  }
}
