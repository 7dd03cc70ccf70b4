package dev.kanal.scheduler.engine.table;

import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Rows of one kind: those whose keys begin with its letter. */
public record Table<K, V>(Letter letter, KeyCodec<K> keys, Codec<V> values) {
  /** Rows that are there or not: their keys say everything. */
  public static <K> Table<K, Boolean> ofMarks(Letter letter, KeyCodec<K> keys) {
    return new Table<>(letter, keys, Codec.PRESENT);
  }

  public Bytes key(K key) {
    return keys.write(letter, key);
  }

  public K keyOf(Bytes key) {
    return keys.read().apply(key.get());
  }

  /** All of its rows. */
  public Range<K> all() {
    return range(letter.with(""));
  }

  /** Its rows from a key on, before another; null comes after all. */
  public Range<K> between(K from, @Nullable K to) {
    return new Range<>(key(from), to == null ? all().to() : key(to), this::keyOf);
  }

  /** Its rows before this key. */
  public Range<K> before(K key) {
    return new Range<>(letter.with(""), key(key), this::keyOf);
  }

  /** Its rows whose keys begin as {@code prefix}. */
  public Range<K> range(Bytes prefix) {
    return new Range<>(prefix, Range.behind(prefix), this::keyOf);
  }
}
