package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Order and overlap of jobs with the same key.
 *
 * <p>A job holds its key's place until it is final. So when a job starts for the first time, fewer
 * than the key's limit of those before it may still be open; with a limit of 1, none.
 */
final class Keys {
  /** The difference between the clocks of broker and check for one moment, as both round. */
  static final long ROUNDING = 20_000;

  private final PromiseTally order = new PromiseTally("same key: started in the order submitted");
  private final PromiseTally overlap =
      new PromiseTally("same key: no more than keyLimit run at once");
  private final Map<String, JobEnd> ends = new HashMap<>();
  private final Runs runs;

  private Keys(History history, Runs runs) {
    this.runs = runs;
    history.ends().forEach(end -> ends.put(end.job(), end));
  }

  static List<Promise> judge(History history, Runs runs) {
    Keys keys = new Keys(history, runs);
    Map<String, List<Accepted>> jobs = new TreeMap<>();
    for (Accepted job : history.accepted()) {
      Spec spec = history.specs().get(job.index());
      if (spec != null && spec.key() != null) {
        jobs.computeIfAbsent(spec.key().name(), _ -> new ArrayList<>()).add(job);
      }
    }
    jobs.forEach((key, ofKey) -> keys.judgeOrder(history, key, ofKey));
    keys.judgeOverlap(history);
    return List.of(keys.order.toPromise(), keys.overlap.toPromise());
  }

  private void judgeOrder(History history, String key, List<Accepted> jobs) {
    if (history.unsureOrder().contains(key)) {
      return;
    }
    int limit = limit(history.specs(), jobs.getFirst().index());
    List<Accepted> inOrder = new ArrayList<>(jobs);
    inOrder.sort(Comparator.comparingLong(Accepted::sent).thenComparingInt(Accepted::index));
    for (int i = 0; i < inOrder.size(); i++) {
      List<Run> ran = runs.of(inOrder.get(i).job());
      if (!ran.isEmpty()) {
        Run first = ran.getFirst();
        List<String> open = open(inOrder.subList(0, i), first.span().start());
        order.check(
            open.size() < limit,
            () ->
                "key %s, limit %d: %s started while %d before it were open, such as %s"
                    .formatted(key, limit, first.text(), open.size(), open.getFirst()));
      }
    }
  }

  private List<String> open(List<Accepted> jobs, long at) {
    return jobs.stream().map(Accepted::job).filter(job -> isOpen(job, at)).toList();
  }

  private boolean isOpen(String job, long at) {
    JobEnd end = ends.get(job);
    boolean runsLater =
        runs.of(job).stream().findFirst().filter(run -> run.span().start() > at).isPresent();
    return end == null || end.finished() == 0 || end.finished() > at + ROUNDING || runsLater;
  }

  /** Also of jobs whose acceptance was not answered: they are known by their runs. */
  private void judgeOverlap(History history) {
    Map<String, List<Run>> ofKey = new TreeMap<>();
    for (Run run : runs.standing()) {
      Spec spec = history.specs().get(run.index());
      if (spec != null && spec.key() != null) {
        ofKey.computeIfAbsent(spec.key().name(), _ -> new ArrayList<>()).add(run);
      }
    }
    ofKey.forEach(
        (key, ran) ->
            Overlap.judge(
                ran, "key " + key, limit(history.specs(), ran.getFirst().index()), overlap));
  }

  private static int limit(Map<Integer, Spec> specs, int index) {
    Spec spec = specs.get(index);
    return spec == null || spec.key() == null ? Integer.MAX_VALUE : spec.key().limit();
  }
}
