package dev.kanal.scheduler.engine.shard;

import dev.kanal.scheduler.engine.table.Store;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** A store in memory. */
public final class MapStore implements Store {
  private final ConcurrentNavigableMap<Bytes, byte[]> rows = new ConcurrentSkipListMap<>();
  private BiConsumer<Bytes, byte[]> writes = (_, _) -> {};

  /** Shows each row that is put from now on. */
  void watch(BiConsumer<Bytes, byte[]> eye) {
    writes = eye;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return rows.get(key);
  }

  @Override
  public void put(Bytes key, byte[] value) {
    rows.put(key, value);
    writes.accept(key, value);
  }

  @Override
  public void delete(Bytes key) {
    rows.remove(key);
  }

  @Override
  public void scan(Bytes from, Bytes to, Visitor visitor) {
    for (var row : rows.subMap(from, to).entrySet()) {
      if (!visitor.visit(row.getKey(), row.getValue())) {
        return;
      }
    }
  }

  @Override
  public KeyPage keysBack(Bytes from, Bytes to, int atMost) {
    if (from.compareTo(to) >= 0) {
      return new KeyPage(List.of(), false);
    }
    List<Bytes> keys =
        rows.subMap(from, to).descendingMap().keySet().stream().limit(atMost).toList();
    return new KeyPage(keys, keys.size() == atMost);
  }

  public int size() {
    return rows.size();
  }
}
