package dev.kanal.scheduler.engine.table;

import dev.kanal.common.binary.BinaryWriter;
import org.apache.kafka.common.utils.Bytes;

/** A table whose values are numbers. */
public record Numbers<K>(Letter letter, KeyCodec<K> keys) {
  public Bytes key(K key) {
    return keys.write(letter, key);
  }

  public K keyOf(Bytes key) {
    return keys.read().apply(key.get());
  }

  public static byte[] encode(long number) {
    return new BinaryWriter(Long.BYTES).putByte(Codec.NEWEST).putLong(number).toBytes();
  }

  public static long decode(byte[] bytes) {
    return Codec.open(bytes, Codec.NEWEST).getLong();
  }
}
