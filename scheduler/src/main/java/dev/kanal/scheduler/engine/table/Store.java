package dev.kanal.scheduler.engine.table;

import org.apache.kafka.common.utils.Bytes;

/** A shard's one store. Belongs to the shard's thread. */
public interface Store extends Rows {
  void put(Bytes key, byte[] value);

  void delete(Bytes key);

  default <K, V> void put(Table<K, V> table, K key, V value) {
    put(table.key(key), table.values().encode(value));
  }
}
