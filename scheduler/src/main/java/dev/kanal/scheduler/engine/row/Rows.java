package dev.kanal.scheduler.engine.row;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** What a decision may read of a shard's store. */
public interface Rows {
  byte @Nullable [] get(Bytes key);

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

  /** The first key from {@code from} to {@code to}; null without one. */
  static @Nullable Bytes first(Rows rows, Bytes from, Bytes to) {
    List<Bytes> found = new ArrayList<>(1);
    rows.scan(from, to, (key, _) -> !found.add(key));
    return found.isEmpty() ? null : found.getFirst();
  }

  /** How many keys there are from {@code from} to {@code to}, counted up to {@code atMost}. */
  static long count(Rows rows, Bytes from, Bytes to, long atMost) {
    long[] found = {0};
    rows.scan(from, to, (_, _) -> ++found[0] < atMost);
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
}
