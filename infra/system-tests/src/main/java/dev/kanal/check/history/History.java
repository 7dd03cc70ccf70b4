package dev.kanal.check.history;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that was seen of a run.
 *
 * @param specs by index
 * @param unsureOrder keys of which a line was sent twice as its answer was lost: their order of
 *     submission is not known
 * @param killed whether processes were killed, so that a job may run again
 */
public record History(
    Map<Integer, Spec> specs,
    List<Accepted> accepted,
    List<Run> runs,
    List<JobEnd> ends,
    Answers answers,
    Limits limits,
    List<Dispatch> dispatches,
    Set<String> unsureOrder,
    boolean killed) {
  public History {
    specs = Map.copyOf(specs);
    accepted = List.copyOf(accepted);
    runs = List.copyOf(runs);
    ends = List.copyOf(ends);
    dispatches = List.copyOf(dispatches);
    unsureOrder = Set.copyOf(unsureOrder);
  }

  /** The results of calls other than submits. */
  public record Answers(List<Cancel> cancels, List<Repeat> repeats, List<Ticks> schedules) {
    public Answers {
      cancels = List.copyOf(cancels);
      repeats = List.copyOf(repeats);
      schedules = List.copyOf(schedules);
    }
  }
}
