package dev.kanal.scheduler.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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

      // Twice, since the cache of Kafka Streams may be emptied into the store behind it while it
      // is read: what moves then is missed once, but not again.
      @Override
      public KeyPage keysBack(Bytes from, Bytes to, int atMost) {
        KeyPage once = StreamsStore.keysBack(store, from, to, atMost);
        KeyPage again = StreamsStore.keysBack(store, from, to, atMost);
        if (once.keys().equals(again.keys())) {
          return again;
        }
        TreeSet<Bytes> keys = new TreeSet<>(once.keys());
        keys.addAll(again.keys());
        for (KeyPage page : List.of(once, again)) {
          if (page.more()) {
            keys.headSet(page.keys().getLast(), false).clear();
          }
        }
        return new KeyPage(List.copyOf(keys.descendingSet()), once.more() || again.more());
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

  @Override
  public KeyPage keysBack(Bytes from, Bytes to, int atMost) {
    return keysBack(store, from, to, atMost);
  }

  private static KeyPage keysBack(
      ReadOnlyKeyValueStore<Bytes, byte[]> store, Bytes from, Bytes to, int atMost) {
    List<Bytes> keys = new ArrayList<>();
    if (from.compareTo(to) >= 0) {
      return new KeyPage(keys, false);
    }
    try (KeyValueIterator<Bytes, byte[]> rows = store.reverseRange(from, to)) {
      while (rows.hasNext() && keys.size() < atMost) {
        Bytes key = rows.next().key;
        if (key.compareTo(to) < 0) {
          keys.add(key);
        }
      }
    }
    return new KeyPage(keys, keys.size() >= atMost);
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
