package dev.kanal.scheduler.engine.shard;

import dev.kanal.scheduler.engine.flow.FlowTables;
import dev.kanal.scheduler.engine.flow.FlowTables.Turn;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.Parcel;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Store;
import dev.kanal.scheduler.engine.table.Table;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;

/**
 * What flows have left to a shard's ticks: ends of which their owners are to be told, flows that
 * have something to decide, members that something is to be done about; each in the order of
 * coming, and one kind after the other, so that one tick leads from the end of a job to the task of
 * the next. Belongs to the shard's thread.
 */
final class FlowWork {
  private final Store store;
  private final Runner runner;

  FlowWork(Store store, Runner runner) {
    this.store = store;
    this.runner = runner;
  }

  /** Has inputs decided, each in a step of its own. */
  interface Runner {
    /** Answers what it has cost, at least 1. */
    int run(Input input, byte[] raw);
  }

  boolean isEmpty() {
    return store.first(EndRow.NOTICES.all()) == null
        && store.first(FlowTables.TURNS.all()) == null
        && store.first(Parcel.TABLE.all()) == null;
  }

  /** Does some of it; what a kind leaves over, others may use. */
  void serve(int atMost) {
    int left = atMost;
    left -= notices(left / 3);
    left -= turns(left / 2);
    left -= parcels(left);
    left -= notices(left);
    left -= turns(left);
    var _ = parcels(left);
  }

  private int notices(int atMost) {
    return each(EndRow.NOTICES, Input.Notice::new, atMost);
  }

  private int turns(int atMost) {
    Function<Turn, Input> input = turn -> new Input.FlowTurn(turn.number(), turn.flow());
    return each(FlowTables.TURNS, input, atMost);
  }

  private int parcels(int atMost) {
    return each(Parcel.TABLE, Input.MemberParcel::new, atMost);
  }

  /** An input takes its row away when nothing is left of it, also if it cannot be decided about. */
  private <K> int each(Table<K, ?> table, Function<K, Input> input, int atMost) {
    int cost = 0;
    Range<K> all = table.all();
    Range<K> next = all;
    while (cost < atMost) {
      K first = store.first(next);
      if (first == null) {
        return cost;
      }
      Bytes key = table.key(first);
      cost += runner.run(input.apply(first), key.get());
      next = all.since(key);
    }
    return cost;
  }
}
