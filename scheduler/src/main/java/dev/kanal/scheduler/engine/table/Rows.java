package dev.kanal.scheduler.engine.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** What a decision may read of a shard's store. */
public interface Rows extends Lookup {
  /**
   * Shows the keys from {@code from} (inclusive) to {@code to} (exclusive) in order, with their
   * values, until the visitor has seen enough.
   */
  void scan(Bytes from, Bytes to, Visitor visitor);

  /**
   * The greatest keys from {@code from} (inclusive) to {@code to} (exclusive), in falling order.
   *
   * @param atMost about how many; at least one, if there is one
   */
  KeyPage keysBack(Bytes from, Bytes to, int atMost);

  /** Shows what the keys of a range say, in order, until the visitor has seen enough. */
  default <T> void scan(Range<T> range, Predicate<T> visitor) {
    scan(range.from(), range.to(), (key, _) -> visitor.test(range.read().apply(key)));
  }

  /** Shows all rows of a table in order, until the visitor has seen enough. */
  default <K, V> void scan(Table<K, V> table, TableVisitor<K, V> visitor) {
    Range<K> all = table.all();
    scan(
        all.from(),
        all.to(),
        (key, value) -> visitor.visit(table.keyOf(key), table.values().decode(value)));
  }

  /** What the first keys of a range say, at most {@code atMost} of them. */
  default <T> List<T> first(Range<T> range, int atMost) {
    List<T> found = new ArrayList<>(Math.min(atMost, 16));
    scan(range, each -> found.add(each) && found.size() < atMost);
    return found;
  }

  /** What the first key of a range says; null without one. */
  default <T> @Nullable T first(Range<T> range) {
    List<T> found = first(range, 1);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** How many keys there are in a range, counted up to {@code atMost}. */
  default long count(Range<?> range, long atMost) {
    long[] found = {0};
    scan(range.from(), range.to(), (_, _) -> ++found[0] < atMost);
    return found[0];
  }

  /**
   * Keys in falling order.
   *
   * @param more whether there may be lesser ones
   */
  record KeyPage(List<Bytes> keys, boolean more) {}

  /** Looks at rows. */
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(Bytes key, byte[] value);
  }

  /** Looks at rows of a table. */
  interface TableVisitor<K, V> {
    /** Returns whether to go on. */
    boolean visit(K key, V value);
  }
}
