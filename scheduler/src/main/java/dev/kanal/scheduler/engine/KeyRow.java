package dev.kanal.scheduler.engine;

/**
 * A key with jobs that have not ended. What it counts is derived from their rows.
 *
 * @param held jobs that have its places
 * @param limit places, by the latest submit
 * @param waiting jobs in its line
 * @param front nobody in its line is there since before this log offset; a scan from here passes no
 *     rows of those that have left it
 */
record KeyRow(int held, int limit, int waiting, long front) {
  /** A key of which nothing is known yet. */
  static KeyRow of(int limit) {
    return new KeyRow(0, limit, 0, 0);
  }

  boolean hasPlace() {
    return held < limit;
  }

  boolean hasLine() {
    return waiting > 0;
  }

  KeyRow withLimit(int newLimit) {
    return new KeyRow(held, newLimit, waiting, front);
  }

  /** With the first of its line found at this offset. */
  KeyRow foundAt(long offset) {
    return new KeyRow(held, limit, waiting, offset);
  }

  /** With one job less that is like this, and without a trace of it. */
  KeyRow without(Progress progress) {
    return new KeyRow(
        held - (progress.holdsKey() ? 1 : 0),
        limit,
        waiting - (progress.waitsForKey() ? 1 : 0),
        front);
  }

  /** With one job more that is like this. Who comes to a line is behind all who are in it. */
  KeyRow with(Progress progress) {
    boolean waits = progress.waitsForKey();
    return new KeyRow(
        held + (progress.holdsKey() ? 1 : 0),
        limit,
        waiting + (waits ? 1 : 0),
        waits && waiting == 0 ? progress.offset() : front);
  }
}
