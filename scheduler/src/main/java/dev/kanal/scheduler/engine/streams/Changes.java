package dev.kanal.scheduler.engine.streams;

import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory that differ from those on disk. Rows that the shard itself reads by ranges are
 * kept in order; the others, which are most, by their hash: of these a range is sorted when
 * somebody asks for it. Written by one thread, read by any.
 */
final class Changes {
  private final Map<Bytes, byte[]> rows = new ConcurrentHashMap<>();
  private final NavigableMap<Bytes, byte[]> ordered = new ConcurrentSkipListMap<>();

  byte @Nullable [] get(Bytes key) {
    return of(key).get(key);
  }

  byte @Nullable [] put(Bytes key, byte[] value) {
    return of(key).put(key, value);
  }

  void remove(Bytes key) {
    var _ = of(key).remove(key);
  }

  boolean isEmpty() {
    return rows.isEmpty() && ordered.isEmpty();
  }

  /** From {@code from} (inclusive) to {@code to} (exclusive), in order. */
  NavigableMap<Bytes, byte[]> range(Bytes from, Bytes to) {
    NavigableMap<Bytes, byte[]> inOrder = ordered.subMap(from, true, to, false);
    if (Letter.isOrdered(from) && to.compareTo(Range.endOfLetter(from)) <= 0) {
      return inOrder;
    }
    NavigableMap<Bytes, byte[]> found = new TreeMap<>(inOrder);
    rows.forEach(
        (key, value) -> {
          if (key.compareTo(from) >= 0 && key.compareTo(to) < 0) {
            found.put(key, value);
          }
        });
    return found;
  }

  /** All of them; an empty value stands for a row that is gone. */
  List<KeyValue<Bytes, byte[]>> all() {
    List<KeyValue<Bytes, byte[]>> all = new ArrayList<>(rows.size());
    rows.forEach((key, value) -> all.add(new KeyValue<>(key, value)));
    ordered.forEach((key, value) -> all.add(new KeyValue<>(key, value)));
    return all;
  }

  private Map<Bytes, byte[]> of(Bytes key) {
    return Letter.isOrdered(key) ? ordered : rows;
  }
}
