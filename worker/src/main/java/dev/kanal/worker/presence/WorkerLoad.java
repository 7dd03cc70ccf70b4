package dev.kanal.worker.presence;

import java.util.Map;

/** The slots of a worker, as far as others are told of them. Usable from any thread. */
public interface WorkerLoad {
  /** Tasks that may run at once. */
  int total();

  /** Slots that there are now. */
  int size();

  /** Those of them in use. */
  int busy();

  /** Slots of each queue now. */
  Map<String, Integer> sizes();
}
