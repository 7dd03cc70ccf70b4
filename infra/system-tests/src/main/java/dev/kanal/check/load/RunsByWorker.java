package dev.kanal.check.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How the jobs of a run were spread over workers. Safe for any thread. */
public final class RunsByWorker {
  /** The most workers that are listed; more would fill a screen. */
  static final int WORKERS_SHOWN = 20;

  @GuardedBy("this")
  private final Map<String, Integer> jobs = new TreeMap<>();

  /**
   * @param worker that ran the last attempt of a job, with its incarnation behind a {@code ~};
   *     empty if none did
   */
  synchronized void add(String worker) {
    int name = worker.lastIndexOf('~');
    if (!worker.isEmpty()) {
      jobs.merge(name < 0 ? worker : worker.substring(0, name), 1, Integer::sum);
    }
  }

  /** For people: the workers with most first. */
  public synchronized String line() {
    int all = jobs.values().stream().mapToInt(Integer::intValue).sum();
    String each =
        jobs.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(WORKERS_SHOWN)
            .map(
                entry ->
                    "%s %,d (%d %%)"
                        .formatted(
                            entry.getKey(),
                            entry.getValue(),
                            Math.round(100.0 * entry.getValue() / all)))
            .collect(Collectors.joining(", "));
    int hidden = jobs.size() - WORKERS_SHOWN;
    return "run by %d %s: %s%s"
        .formatted(
            jobs.size(),
            jobs.size() == 1 ? "worker" : "workers",
            each,
            hidden > 0 ? ", and " + hidden + " more" : "")
        .replaceFirst(": $", "");
  }
}
