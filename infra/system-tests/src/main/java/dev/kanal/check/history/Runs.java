package dev.kanal.check.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The runs of a history, by job, in the order of their starts. */
final class Runs {
  /** On a busy machine a broken connection is read late. */
  static final long NOTICED = 200_000;

  private final Map<String, List<Run>> byJob = new HashMap<>();

  Runs(Collection<Run> runs) {
    runs.stream()
        .sorted(Comparator.comparingLong(run -> run.span().start()))
        .forEach(run -> byJob.computeIfAbsent(run.job(), _ -> new ArrayList<>(2)).add(run));
  }

  List<Run> of(String job) {
    return byJob.getOrDefault(job, List.of());
  }

  Set<String> jobs() {
    return byJob.keySet();
  }

  /** Runs of an attempt that had run before, and was not only put off. */
  List<Run> again() {
    List<Run> again = new ArrayList<>();
    for (List<Run> runs : byJob.values()) {
      Set<Integer> tried = new HashSet<>();
      for (Run run : runs) {
        if (tried.contains(run.attempt())) {
          again.add(run);
        }
        if (run.end() != Run.End.SNOOZED) {
          tried.add(run.attempt());
        }
      }
    }
    return again;
  }

  /**
   * The runs that count where overlap is judged: of each job only the newest dispatch known at a
   * time, and the first run of it. A run ends for this purpose when a newer dispatch starts; one
   * that was cut ended up to {@link #NOTICED} before that was noticed.
   */
  List<Run> standing() {
    List<Run> standing = new ArrayList<>();
    for (List<Run> runs : byJob.values()) {
      Run last = null;
      for (Run run : runs) {
        if (last != null && run.dispatch() <= last.dispatch()) {
          continue;
        }
        if (last != null) {
          standing.add(endingBy(last, Math.min(run.span().start(), latestEnd(last))));
        }
        last = run;
      }
      if (last != null) {
        standing.add(endingBy(last, latestEnd(last)));
      }
    }
    return standing;
  }

  private static long latestEnd(Run run) {
    return run.end() == Run.End.CUT ? run.span().end() - NOTICED : run.span().end();
  }

  private static Run endingBy(Run run, long time) {
    return new Run(
        run.number(),
        run.job(),
        run.index(),
        run.attempt(),
        run.dispatch(),
        run.span().endingBy(time),
        run.end());
  }
}
