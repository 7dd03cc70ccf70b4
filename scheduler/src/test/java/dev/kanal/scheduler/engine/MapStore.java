package dev.kanal.scheduler.engine;

import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** A store in memory. */
final class MapStore implements Store {
  private final ConcurrentNavigableMap<Bytes, byte[]> rows = new ConcurrentSkipListMap<>();

  @Override
  public byte @Nullable [] get(Bytes key) {
    return rows.get(key);
  }

  @Override
  public void put(Bytes key, byte[] value) {
    rows.put(key, value);
  }

  @Override
  public void delete(Bytes key) {
    rows.remove(key);
  }

  @Override
  public void scan(Bytes from, Bytes to, Visitor visitor) {
    for (var row : new TreeMap<>(rows.subMap(from, to)).entrySet()) {
      if (!visitor.visit(row.getKey(), row.getValue())) {
        return;
      }
    }
  }

  int size() {
    return rows.size();
  }
}
