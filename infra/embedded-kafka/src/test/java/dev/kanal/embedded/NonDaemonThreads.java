package dev.kanal.embedded;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The threads that keep a JVM alive. */
final class NonDaemonThreads {
  private NonDaemonThreads() {}

  static Set<Thread> now() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Predicate.not(Thread::isDaemon))
        .collect(Collectors.toSet());
  }

  static List<String> addedSince(Set<Thread> before) {
    return now().stream()
        .filter(Predicate.not(before::contains))
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .sorted()
        .toList();
  }
}
