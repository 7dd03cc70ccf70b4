package dev.kanal.scheduler.engine.read;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.flow.FlowTables;
import dev.kanal.scheduler.engine.flow.FlowTables.StepKey;
import dev.kanal.scheduler.engine.flow.MemberPlaces;
import dev.kanal.scheduler.engine.flow.StepRow;
import dev.kanal.scheduler.engine.query.FlowReader.Filter;
import dev.kanal.scheduler.engine.query.FlowReader.Listing;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.MemberView;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Looks through flows, and through the members of a step, a bounded number at a time. */
final class FlowLists {
  /** Flows of one shard that one question looks at. */
  static final int LOOKED_MAX = 500;

  /** Members that one question looks at. */
  static final int MEMBERS_LOOKED_MAX = 20_000;

  private static final int PAGE = 64;

  private FlowLists() {}

  static Listing list(
      Set<Integer> shards,
      IntFunction<Rows> rows,
      Filter filter,
      @Nullable JobId below,
      int limit) {
    List<FlowView> all = new ArrayList<>();
    JobId reached = null;
    for (int shard : shards) {
      JobId here = look(rows.apply(shard), filter, below, limit, all);
      if (here != null && (reached == null || here.compareTo(reached) > 0)) {
        reached = here;
      }
    }
    JobId bound = reached;
    List<FlowView> complete =
        all.stream()
            .filter(each -> bound == null || each.id().compareTo(bound) >= 0)
            .sorted(Comparator.comparing(FlowView::id).reversed())
            .toList();
    if (complete.size() > limit) {
      complete = complete.subList(0, limit);
      reached = complete.getLast().id();
    }
    return new Listing.Part(shards, complete, reached);
  }

  /** Looks through one shard. Answers how far it came; null at the end. */
  private static @Nullable JobId look(
      Rows rows, Filter filter, @Nullable JobId below, int limit, List<FlowView> into) {
    Range<JobId> all = FlowTables.FLOWS.all();
    Range<JobId> range = below == null ? all : FlowTables.FLOWS.before(below);
    int found = 0;
    for (int looked = 0; ; ) {
      Rows.KeyPage page = rows.keysBack(range.from(), range.to(), PAGE);
      for (Bytes key : page.keys()) {
        JobId id = FlowTables.FLOWS.keyOf(key);
        FlowView view = FlowView.read(rows, id);
        if (view != null && filter.matches(view)) {
          into.add(view);
          found++;
        }
        if (found >= limit || ++looked >= LOOKED_MAX) {
          return id;
        }
      }
      if (!page.more() || page.keys().isEmpty()) {
        return null;
      }
      range = FlowTables.FLOWS.before(FlowTables.FLOWS.keyOf(page.keys().getLast()));
    }
  }

  /** Which members are asked for. */
  record Members(String step, Set<MemberView.State> states, int from, int limit) {
    Members {
      states = Set.copyOf(states);
    }
  }

  static MemberView.Page members(Rows rows, FlowView flow, Members asked, int shards) {
    List<String> names = flow.spec().steps().stream().map(each -> each.name()).toList();
    int number = names.indexOf(asked.step);
    StepRow row = rows.get(FlowTables.STEPS, new StepKey(flow.id(), number));
    List<MemberView> found = new ArrayList<>();
    if (row == null) {
      return new MemberView.Page(found, null);
    }
    MemberPlaces places = new MemberPlaces(rows, flow.id(), flow.spec(), shards);
    int end = Math.min(row.next(), asked.from + MEMBERS_LOOKED_MAX);
    int index = asked.from;
    while (index < end && found.size() < asked.limit) {
      MemberView.State state = MemberView.State.of(places.end(number, index));
      if (asked.states.contains(state)) {
        found.add(new MemberView(index, state, places.job(number, row, index)));
      }
      index++;
    }
    return new MemberView.Page(found, index < row.next() ? index : null);
  }
}
