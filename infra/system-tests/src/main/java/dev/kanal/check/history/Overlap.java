package dev.kanal.check.history;

import dev.kanal.check.promise.PromiseTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** How many runs there are at once. */
final class Overlap {
  private Overlap() {}

  /**
   * Checks each start: with it, no more than the limit may run.
   *
   * @param runs any, in any order
   */
  static void judge(List<Run> runs, String what, int limit, PromiseTally promise) {
    List<Run> inOrder = new ArrayList<>(runs);
    inOrder.sort(Comparator.comparingLong(run -> run.span().start()));
    PriorityQueue<Run> running =
        new PriorityQueue<>(Comparator.comparingLong(run -> run.span().end()));
    for (Run run : inOrder) {
      while (!running.isEmpty() && running.element().span().end() <= run.span().start()) {
        running.remove();
      }
      running.add(run);
      promise.check(
          running.size() <= limit,
          () ->
              "%s: expected at most %d at once, but %s made it %d"
                  .formatted(what, limit, run.text(), running.size()));
    }
  }
}
