package dev.kanal.scheduler.api.json;

import java.util.Arrays;

/**
 * Cuts a stream of chunks into lines. A line within one chunk is a slice of it; one that crosses
 * chunks is put together in a buffer of its own, at most {@code max} bytes of it: a longer line is
 * skipped and reported as too long. Lines end with LF or CRLF; the last may end with the input.
 */
public final class LineReader {
  private static final byte[] EMPTY = new byte[0];

  private final int max;
  private byte[] chunk = EMPTY;
  private int at;
  private byte[] carry = EMPTY;
  private int carried;
  private boolean skipping;
  private boolean unended;

  private byte[] bytes = EMPTY;
  private int from;
  private int length;
  private boolean tooLong;
  private long number;

  public LineReader(int max) {
    this.max = max;
  }

  /** Takes the next chunk; the one before must have been read to its end. */
  public void feed(byte[] next) {
    if (at < chunk.length) {
      throw new IllegalStateException(
          "Expected a chunk that is read, but " + (chunk.length - at) + " bytes are left");
    }
    chunk = next;
    at = 0;
  }

  /** Whether there is a whole line; it is described by the accessors until the next call. */
  public boolean next() {
    int end = indexOfNewline();
    if (end < 0) {
      keep(chunk.length);
      return false;
    }
    take(end);
    at = end + 1;
    return true;
  }

  /** Whether a last line without a newline is left once the input has ended. */
  public boolean last() {
    if (!unended) {
      return false;
    }
    take(chunk.length);
    at = chunk.length;
    return true;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int from() {
    return from;
  }

  public int length() {
    return length;
  }

  public boolean tooLong() {
    return tooLong;
  }

  /** Of the line, from 1. */
  public long number() {
    return number;
  }

  public boolean isBlank() {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return !tooLong;
  }

  private int indexOfNewline() {
    for (int i = at; i < chunk.length; i++) {
      if (chunk[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void take(int end) {
    if (carried == 0 && !skipping) {
      bytes = chunk;
      from = at;
      length = end - at;
    } else {
      keep(end);
      bytes = carry;
      from = 0;
      length = carried;
    }
    if (length > 0 && bytes[from + length - 1] == '\r') {
      length--;
    }
    tooLong = skipping || length > max;
    carried = 0;
    skipping = false;
    unended = false;
    number++;
  }

  /** Moves the bytes up to {@code end} to the carry; one more than {@code max}, for a CR. */
  private void keep(int end) {
    int more = end - at;
    unended |= more > 0;
    if (!skipping && carried + more > max + 1) {
      skipping = true;
      carried = 0;
    }
    if (!skipping && more > 0) {
      if (carried + more > carry.length) {
        carry = Arrays.copyOf(carry, Math.max(carried + more, Math.min(max + 1, carry.length * 2)));
      }
      System.arraycopy(chunk, at, carry, carried, more);
      carried += more;
    }
    at = end;
  }
}
