package dev.kanal.common.binary;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Appends values to a growing array. */
public final class BinaryWriter {
  private static final int SMALLEST = 64;

  private byte[] buffer;
  private int length;

  /** A writer that does not grow before {@code expectedBytes} are written. */
  public BinaryWriter(int expectedBytes) {
    buffer = new byte[Math.max(expectedBytes, SMALLEST)];
  }

  public BinaryWriter putByte(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
    return this;
  }

  public BinaryWriter putBoolean(boolean value) {
    return putByte(value ? 1 : 0);
  }

  /** Eight bytes, big-endian. */
  public BinaryWriter putFixedLong(long value) {
    reserve(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  public BinaryWriter putDouble(double value) {
    return putFixedLong(Double.doubleToLongBits(value));
  }

  /** Seven bits a byte, sign folded in (zigzag): small numbers of either sign are short. */
  public BinaryWriter putLong(long value) {
    reserve(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
    return this;
  }

  public BinaryWriter putInt(int value) {
    return putLong(value);
  }

  /** Length and content. */
  public BinaryWriter putBytes(byte[] bytes) {
    putInt(bytes.length);
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
    return this;
  }

  public BinaryWriter putString(String text) {
    return putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public BinaryWriter putNullableString(@Nullable String text) {
    return text == null ? putBoolean(false) : putBoolean(true).putString(text);
  }

  /** To the millisecond. */
  public BinaryWriter putInstant(Instant time) {
    return putLong(time.toEpochMilli());
  }

  public BinaryWriter putNullableInstant(@Nullable Instant time) {
    return time == null ? putBoolean(false) : putBoolean(true).putInstant(time);
  }

  /** To the millisecond. */
  public BinaryWriter putDuration(Duration duration) {
    return putLong(duration.toMillis());
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  private void reserve(int bytes) {
    if (buffer.length - length < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + bytes));
    }
  }
}
