package dev.kanal.scheduler.engine;

import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** What a decision may read of a shard's store. */
interface Rows {
  byte @Nullable [] get(Bytes key);

  /**
   * Shows the keys from {@code from} (inclusive) to {@code to} (exclusive) in order, with their
   * values, until the visitor has seen enough.
   */
  void scan(Bytes from, Bytes to, Visitor visitor);

  /** Looks at rows. */
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(Bytes key, byte[] value);
  }
}
