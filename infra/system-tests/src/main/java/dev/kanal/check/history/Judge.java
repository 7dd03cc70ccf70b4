package dev.kanal.check.history;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.util.ArrayList;
import java.util.List;

/** Holds a history to every promise. Pure. */
public final class Judge {
  private Judge() {}

  public static List<Promise> judge(History history) {
    Runs runs = new Runs(history.runs());
    List<Promise> promises = new ArrayList<>(Endings.judge(history, runs));
    promises.addAll(Times.judge(history, runs));
    promises.addAll(Keys.judge(history, runs));
    promises.addAll(Queues.judge(history, runs));
    promises.addAll(Calls.judge(history, runs));
    promises.add(Schedules.judge(history, runs));
    if (!history.killed()) {
      promises.add(once(history, runs));
    }
    return promises;
  }

  /** How many runs there were of attempts that had run before. */
  public static int duplicates(History history) {
    return new Runs(history.runs()).again().size();
  }

  private static Promise once(History history, Runs runs) {
    PromiseTally once = new PromiseTally("no attempt runs twice (nobody was killed)");
    List<Run> again = runs.again();
    again.forEach(run -> once.broken(run.text() + " ran before"));
    for (int kept = again.size(); kept < history.runs().size(); kept++) {
      once.kept();
    }
    return once.toPromise();
  }
}
