package dev.kanal.common.binary;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link BinaryWriter} wrote, in the same order. Every method throws {@link
 * UnreadableException} when the bytes end too early or cannot be what was asked for.
 */
public final class BinaryReader {
  private final byte[] bytes;
  private int position;

  public BinaryReader(byte[] bytes) {
    this.bytes = bytes;
  }

  public int getByte() {
    need(1);
    return bytes[position++];
  }

  public boolean getBoolean() {
    int value = getByte();
    if (value != 0 && value != 1) {
      throw new UnreadableException("Expected 0 or 1 as a flag, but found " + value);
    }
    return value == 1;
  }

  public long getFixedLong() {
    need(Long.BYTES);
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | (bytes[position++] & 0xFF);
    }
    return value;
  }

  public double getDouble() {
    return Double.longBitsToDouble(getFixedLong());
  }

  public long getLong() {
    long rest = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = getByte();
      rest |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (rest >>> 1) ^ -(rest & 1);
      }
    }
    throw new UnreadableException("Expected a number of at most 10 bytes, but it goes on");
  }

  public int getInt() {
    long value = getLong();
    if (value != (int) value) {
      throw new UnreadableException("Expected a 32-bit number, but found " + value);
    }
    return (int) value;
  }

  public byte[] getBytes() {
    int length = getInt();
    if (length < 0) {
      throw new UnreadableException("Expected a length, but found " + length);
    }
    need(length);
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  public String getString() {
    int length = getInt();
    if (length < 0) {
      throw new UnreadableException("Expected a length, but found " + length);
    }
    need(length);
    position += length;
    return new String(bytes, position - length, length, StandardCharsets.UTF_8);
  }

  public @Nullable String getNullableString() {
    return getBoolean() ? getString() : null;
  }

  public Instant getInstant() {
    return Instant.ofEpochMilli(getLong());
  }

  public @Nullable Instant getNullableInstant() {
    return getBoolean() ? getInstant() : null;
  }

  public Duration getDuration() {
    return Duration.ofMillis(getLong());
  }

  /** The value of {@code values} at the ordinal that comes next. */
  public <E extends Enum<E>> E getEnum(E[] values) {
    int ordinal = getByte();
    if (ordinal < 0 || ordinal >= values.length) {
      throw new UnreadableException(
          "Expected one of " + Arrays.toString(values) + ", but found number " + ordinal);
    }
    return values[ordinal];
  }

  /** Whether all bytes are read. */
  public boolean atEnd() {
    return position == bytes.length;
  }

  private void need(int count) {
    if (bytes.length - position < count) {
      throw new UnreadableException(
          "Expected " + count + " more bytes at " + position + ", but there are " + bytes.length);
    }
  }
}
