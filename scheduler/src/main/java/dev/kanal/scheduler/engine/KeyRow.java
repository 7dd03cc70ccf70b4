package dev.kanal.scheduler.engine;

/**
 * A key with jobs that have not ended.
 *
 * @param held jobs that have its places; derived from their rows
 * @param limit places, by the latest submit
 */
record KeyRow(int held, int limit) {
  boolean hasPlace() {
    return held < limit;
  }
}
