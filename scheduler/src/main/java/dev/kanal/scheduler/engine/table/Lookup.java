package dev.kanal.scheduler.engine.table;

import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Rows by their keys. */
public interface Lookup {
  byte @Nullable [] get(Bytes key);

  default <K, V> @Nullable V get(Table<K, V> table, K key) {
    byte[] row = get(table.key(key));
    return row == null ? null : table.values().decode(row);
  }

  default <K> boolean has(Table<K, ?> table, K key) {
    return get(table.key(key)) != null;
  }

  /** A row's number; without a row, {@code otherwise}. */
  default <K> long get(Numbers<K> table, K key, long otherwise) {
    byte[] row = get(table.key(key));
    return row == null ? otherwise : Numbers.decode(row);
  }
}
