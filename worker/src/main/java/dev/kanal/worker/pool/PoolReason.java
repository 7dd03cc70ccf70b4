package dev.kanal.worker.pool;

/** Why a queue has the size that it has. Counted, and logged with each change. */
public enum PoolReason {
  /** The present size is right. */
  STEADY,
  /** Records wait. */
  LAG,
  /** Records are old when they come. */
  AGE,
  /** Slots were not in use. */
  IDLE,
  /** More would be right, but tasks wait for a processor. */
  CPU,
  /** More would be right, but the heap is full. */
  MEMORY,
  /** It had less than the least that is set. */
  MIN,
  /** More would be right, but that is the most that is set. */
  MAX,
  /** More would be right, but other queues have a right to the worker's slots. */
  SHARE
}
