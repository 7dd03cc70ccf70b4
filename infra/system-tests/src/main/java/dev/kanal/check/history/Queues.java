package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Limits of whole queues. */
final class Queues {
  /** Starts may be closer together than their dispatches: by this much in a quiet run. */
  static final long BUNCHING = 1_000_000;

  private final PromiseTally concurrency =
      new PromiseTally("no more of a queue run at once than its concurrency");
  private final PromiseTally rate =
      new PromiseTally("no more of a queue are sent than its rate allows");
  private final PromiseTally starts =
      new PromiseTally("nor started, with 1 s for the way to the worker");
  private final PromiseTally paused = new PromiseTally("a paused queue starts nothing");
  private final History history;

  private Queues(History history) {
    this.history = history;
  }

  static List<Promise> judge(History history, Runs runs) {
    Queues queues = new Queues(history);
    Map<String, List<Run>> ran = new HashMap<>();
    for (Run run : runs.standing()) {
      Spec spec = history.specs().get(run.index());
      if (spec != null) {
        ran.computeIfAbsent(spec.queue(), _ -> new ArrayList<>()).add(run);
      }
    }
    Limits limits = history.limits();
    limits
        .concurrency()
        .forEach(
            (queue, most) ->
                Overlap.judge(
                    ran.getOrDefault(queue, List.of()),
                    "queue " + queue,
                    most,
                    queues.concurrency));
    limits
        .rates()
        .forEach(
            (queue, most) -> queues.judgeRate(queue, most, ran.getOrDefault(queue, List.of())));
    limits.paused().forEach(queue -> queues.judgePause(ran.getOrDefault(queue, List.of())));
    List<Promise> promises =
        new ArrayList<>(List.of(queues.concurrency.toPromise(), queues.rate.toPromise()));
    if (!history.killed()) {
      promises.add(queues.starts.toPromise());
    }
    promises.add(queues.paused.toPromise());
    return promises;
  }

  private void judgeRate(String queue, Limits.Rate most, List<Run> ran) {
    long[] sent =
        history.dispatches().stream()
            .filter(dispatch -> dispatch.queue().equals(queue))
            .mapToLong(Dispatch::at)
            .sorted()
            .toArray();
    TokenBucket.judge(sent, most, 0, queue, rate);
    long[] started = ran.stream().mapToLong(run -> run.span().start()).sorted().toArray();
    TokenBucket.judge(started, most, BUNCHING, queue, starts);
  }

  private void judgePause(List<Run> ran) {
    for (Run run : ran) {
      long early = history.limits().resumed() - run.span().start();
      paused.check(
          early <= 0,
          () -> "%s started %d µs before its queue was resumed".formatted(run.text(), early));
    }
  }
}
