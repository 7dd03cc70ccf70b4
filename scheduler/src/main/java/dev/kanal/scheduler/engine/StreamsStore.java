package dev.kanal.scheduler.engine;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** A {@link Store} on a store of Kafka Streams, or {@link Rows} on the reading side of one. */
final class StreamsStore implements Store {
  private final KeyValueStore<Bytes, byte[]> store;

  StreamsStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** For other threads than the shard's. */
  static Rows readOnly(ReadOnlyKeyValueStore<Bytes, byte[]> store) {
    return new Rows() {
      @Override
      public byte @Nullable [] get(Bytes key) {
        return store.get(key);
      }

      @Override
      public void scan(Bytes from, Bytes to, Visitor visitor) {
        StreamsStore.scan(store, from, to, visitor);
      }
    };
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return store.get(key);
  }

  @Override
  public void put(Bytes key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public void delete(Bytes key) {
    store.delete(key);
  }

  @Override
  public void scan(Bytes from, Bytes to, Visitor visitor) {
    scan(store, from, to, visitor);
  }

  /** The range of Kafka Streams includes its end, ours does not. */
  private static void scan(
      ReadOnlyKeyValueStore<Bytes, byte[]> store, Bytes from, Bytes to, Visitor visitor) {
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(from, to)) {
      while (rows.hasNext()) {
        var row = rows.next();
        if (row.key.compareTo(to) >= 0 || !visitor.visit(row.key, row.value)) {
          return;
        }
      }
    }
  }
}
