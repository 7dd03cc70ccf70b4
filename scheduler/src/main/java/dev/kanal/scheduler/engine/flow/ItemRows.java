package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.log.FlowItem;
import dev.kanal.scheduler.engine.flow.FlowTables.Items;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.table.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The items of a step of which no members have been made. Belongs to one decision. */
final class ItemRows {
  private final OpenFlow flow;
  private final int number;
  private final StepKind kind;
  private @Nullable Items open;

  ItemRows(OpenFlow flow, int number) {
    this.flow = flow;
    this.number = number;
    this.kind = flow.graph().step(number).kind();
  }

  /** The item of a member; null if members of the step have none. */
  @Nullable FlowItem take(int index) {
    return switch (kind) {
      case StepKind.Job _, StepKind.Race _, StepKind.Wait _ -> null;
      case StepKind.Map(Over.Range range, _, _) -> new FlowItem.Value(range.item(index));
      case StepKind.Map _, StepKind.Group _ -> stored(index);
    };
  }

  private FlowItem stored(int index) {
    Items row = open;
    if (row == null || index >= row.first() + row.items().size()) {
      Part from = new Part(flow.id, number, index);
      Part found =
          flow.step.first(
              FlowTables.of(FlowTables.ITEMS, flow.id, number).since(FlowTables.ITEMS.key(from)));
      row =
          Objects.requireNonNull(
              found == null ? null : flow.step.get(FlowTables.ITEMS, found),
              () -> "item " + index + " of step " + number + " of flow " + flow.id);
      open = row;
      if (row.first() > index) {
        throw new IllegalStateException(
            "Expected item " + index + " of step " + number + " of flow " + flow.id);
      }
    }
    return row.items().get(index - row.first());
  }

  /** Members before this number have been made: what is known of their items goes. */
  void done(int next) {
    if (kind instanceof StepKind.Map(Over.Range _, _, _)) {
      return;
    }
    if (kind instanceof StepKind.Map || kind instanceof StepKind.Group) {
      var all = FlowTables.of(FlowTables.ITEMS, flow.id, number);
      Part end = new Part(flow.id, number, next);
      var gone = new Range<>(all.from(), FlowTables.ITEMS.key(end), FlowTables.ITEMS::keyOf);
      var _ = flow.step.deleteFirst(gone, Items.MAX);
    }
  }

  /** Keeps items; the first of them has this number. */
  static void append(OpenFlow flow, int number, int first, List<FlowItem> items) {
    List<FlowItem> row = new ArrayList<>();
    int bytes = 0;
    int begin = first;
    for (FlowItem item : items) {
      boolean full = row.size() == Items.MAX || bytes + item.bytes() > Items.BYTES_MAX;
      if (full && !row.isEmpty()) {
        put(flow, number, begin, row);
        begin += row.size();
        row.clear();
        bytes = 0;
      }
      row.add(item);
      bytes += item.bytes();
    }
    if (!row.isEmpty()) {
      put(flow, number, begin, row);
    }
  }

  private static void put(OpenFlow flow, int number, int first, List<FlowItem> items) {
    Part key = new Part(flow.id, number, first + items.size() - 1);
    flow.step.put(FlowTables.ITEMS, key, new Items(first, items));
  }
}
