package dev.kanal.check.alerts;

import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Waits for alerts to fire and to end, and prints a line for each. One thread. */
final class Watch {
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration CALM = Duration.ofMinutes(1);

  private final PromiseTally fire = new PromiseTally("each alert fires for its fault");
  private final PromiseTally over = new PromiseTally("each is over once it is mended");
  private final PromiseTally quiet = new PromiseTally("none fires without a fault");
  private final Set<String> provoked = new TreeSet<>();
  private final Prometheus prometheus;
  private final Console console;

  Watch(Prometheus prometheus, Console console) {
    this.prometheus = prometheus;
    this.console = console;
  }

  /** Nothing fires. */
  void quiet(String when) throws InterruptedException {
    Map<String, String> firing = prometheus.firing();
    quiet.check(firing.isEmpty(), () -> when + ": " + firing);
    console.say(when + ": " + (firing.isEmpty() ? "nothing fires" : firing + " fire"));
  }

  /**
   * Waits until all of these fire.
   *
   * @param since when the fault began, by {@link System#nanoTime()}
   */
  void fires(Duration patience, String fault, long since, String... alerts)
      throws InterruptedException {
    provoked.addAll(List.of(alerts));
    Set<String> left = new LinkedHashSet<>(List.of(alerts));
    long begun = System.nanoTime();
    Map<String, String> others = new TreeMap<>();
    while (!left.isEmpty() && System.nanoTime() - begun < patience.toNanos()) {
      Map<String, String> firing = prometheus.firing();
      for (String alert : Set.copyOf(left)) {
        String summary = firing.get(alert);
        if (summary != null) {
          left.remove(alert);
          fire.kept();
          say(alert, "fires", since, fault + " (" + summary + ")");
        }
      }
      others.putAll(firing);
      Pause.real().of(LOOK_EVERY);
    }
    for (String alert : left) {
      fire.broken(alert + ": " + fault);
      say(alert, "DOES NOT FIRE", since, fault + "; what fired: " + others.keySet());
    }
  }

  /**
   * Waits for a while until none of these fires or is about to, so that it is the next fault if one
   * does.
   */
  void awaitNone(String... alerts) throws InterruptedException {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < CALM.toNanos()
        && !Collections.disjoint(prometheus.active(), List.of(alerts))) {
      Pause.real().of(LOOK_EVERY);
    }
    Map<String, String> firing = prometheus.firing();
    if (!Collections.disjoint(firing.keySet(), List.of(alerts))) {
      throw new CheckStopped(
          "Expected none of %s to fire before its fault, but: %s"
              .formatted(List.of(alerts), firing));
    }
  }

  /**
   * Waits until none of these fires.
   *
   * @param since when the fault was fixed, by {@link System#nanoTime()}
   */
  void over(Duration patience, String mended, long since, String... alerts)
      throws InterruptedException {
    Set<String> left = new LinkedHashSet<>(List.of(alerts));
    long begun = System.nanoTime();
    while (!left.isEmpty() && System.nanoTime() - begun < patience.toNanos()) {
      Set<String> firing = prometheus.firing().keySet();
      for (String alert : Set.copyOf(left)) {
        if (!firing.contains(alert)) {
          left.remove(alert);
          over.kept();
          say(alert, "is over", since, mended);
        }
      }
      Pause.real().of(LOOK_EVERY);
    }
    for (String alert : left) {
      over.broken(alert + ": " + mended);
      say(alert, "IS NOT OVER", since, mended);
    }
  }

  /**
   * The promise that each rule fired.
   *
   * @param rules each of which was to be provoked
   */
  Verdict verdict(List<String> rules) {
    return new Verdict(
        List.of(fire.toPromise(), over.toPromise(), quiet.toPromise()),
        rules.stream()
            .filter(rule -> !provoked.contains(rule))
            .map(rule -> "no fault provokes " + rule)
            .toList());
  }

  private void say(String alert, String what, long since, String why) {
    Duration after = Duration.ofNanos(System.nanoTime() - since);
    console.say("%-19s %-8s within %7s: %s".formatted(alert, what, Console.time(after), why));
  }
}
