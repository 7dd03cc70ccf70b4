package dev.kanal.scheduler.api.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks bytes before they are parsed: strict UTF-8, as RFC 3629 has it, and no NUL byte. */
final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x0101010101010101L;

  private Utf8() {}

  /** The offset from {@code from} of the first byte that does not belong, or -1. */
  static int firstBad(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    while (at < end) {
      if (at + Long.BYTES <= end && isPlain((long) LONGS.get(bytes, at))) {
        at += Long.BYTES;
        continue;
      }
      int size = sequence(bytes, at, end);
      if (size == 0) {
        return at - from;
      }
      at += size;
    }
    return -1;
  }

  /** Whether eight bytes are all from 1 to 127. */
  private static boolean isPlain(long eight) {
    return ((eight | (eight - LOW_BITS)) & HIGH_BITS) == 0;
  }

  /** Length of the sequence at {@code at}, or 0 if it is not well-formed. */
  private static int sequence(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0x80) {
      return lead == 0 ? 0 : 1;
    }
    int size = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (size == 0 || at + size > end || !secondFits(lead, bytes[at + 1] & 0xFF)) {
      return 0;
    }
    for (int i = 2; i < size; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return size;
  }

  /** Rules out overlong forms, surrogates and what lies beyond U+10FFFF. */
  private static boolean secondFits(int lead, int second) {
    int low =
        switch (lead) {
          case 0xE0 -> 0xA0;
          case 0xF0 -> 0x90;
          default -> 0x80;
        };
    int high =
        switch (lead) {
          case 0xED -> 0x9F;
          case 0xF4 -> 0x8F;
          default -> 0xBF;
        };
    return second >= low && second <= high;
  }
}
