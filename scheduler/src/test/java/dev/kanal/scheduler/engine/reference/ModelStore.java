package dev.kanal.scheduler.engine.reference;

import dev.kanal.scheduler.engine.table.Store;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** A store in memory that remembers which jobs' rows have changed, and what they were before. */
final class ModelStore implements Store {
  private final NavigableMap<Bytes, byte[]> rows;
  private Map<Bytes, byte @Nullable []> changed = new LinkedHashMap<>();

  ModelStore() {
    this(new TreeMap<>());
  }

  private ModelStore(NavigableMap<Bytes, byte[]> rows) {
    this.rows = rows;
  }

  ModelStore copy() {
    return new ModelStore(new TreeMap<>(rows));
  }

  NavigableMap<Bytes, byte[]> rows() {
    return rows;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return rows.get(key);
  }

  @Override
  public void put(Bytes key, byte[] value) {
    note(key, rows.put(key, value));
  }

  @Override
  public void delete(Bytes key) {
    note(key, rows.remove(key));
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
        rows.subMap(from, true, to, false).descendingMap().keySet().stream().limit(atMost).toList();
    return new KeyPage(keys, keys.size() == atMost);
  }

  /** The keys of jobs written since the last call, in order, with their rows before that. */
  Map<Bytes, byte @Nullable []> takeChangedJobs() {
    Map<Bytes, byte @Nullable []> all = changed;
    changed = new LinkedHashMap<>();
    return all;
  }

  /** The first key whose row differs, if one does. */
  @Nullable Bytes difference(ModelStore other) {
    for (var row : rows.entrySet()) {
      if (!Arrays.equals(row.getValue(), other.rows.get(row.getKey()))) {
        return row.getKey();
      }
    }
    for (Bytes key : other.rows.keySet()) {
      if (!rows.containsKey(key)) {
        return key;
      }
    }
    return null;
  }

  private void note(Bytes key, byte @Nullable [] before) {
    if (key.get()[0] == 'j' && !changed.containsKey(key)) {
      changed.put(key, before);
    }
  }
}
