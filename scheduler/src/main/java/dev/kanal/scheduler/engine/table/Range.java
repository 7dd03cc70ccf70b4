package dev.kanal.scheduler.engine.table;

import java.util.Arrays;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys that stand next to each other, of one table or index.
 *
 * @param from inclusive
 * @param to exclusive
 * @param read what a key of it says
 */
public record Range<T>(Bytes from, Bytes to, Function<Bytes, T> read) {
  /** The first key behind all those that begin as {@code prefix}. */
  static Bytes behind(Bytes prefix) {
    byte[] bytes = prefix.get();
    int last = bytes.length - 1;
    while (bytes[last] == -1) {
      last--;
    }
    byte[] next = Arrays.copyOf(bytes, last + 1);
    next[last]++;
    return Bytes.wrap(next);
  }

  /** The same keys as they are. */
  public Range<Bytes> keys() {
    return new Range<>(from, to, key -> key);
  }

  /** From this key on, which is in it. */
  public Range<T> since(Bytes key) {
    return new Range<>(key, to, read);
  }

  public boolean has(Bytes key) {
    return key.compareTo(from) >= 0 && key.compareTo(to) < 0;
  }

  /** The end of the range of a key's letter. */
  public static Bytes endOfLetter(Bytes key) {
    return Bytes.wrap(new byte[] {(byte) (key.get()[0] + 1)});
  }
}
