package dev.kanal.bench.growth;

/**
 * The setup of a measurement.
 *
 * @param kept jobs that have ended before and are kept
 * @param scaledDown the same in a quick run
 * @param workers processes
 * @param hasKeys whether the jobs have keys
 */
record Setup(int kept, int scaledDown, int workers, int shards, boolean hasKeys) {
  Setup keeping(int jobs, int quick) {
    return new Setup(jobs, quick, workers, shards, hasKeys);
  }

  Setup withWorkers(int count) {
    return new Setup(kept, scaledDown, count, shards, hasKeys);
  }

  Setup withShards(int count) {
    return new Setup(kept, scaledDown, workers, count, hasKeys);
  }

  /** The same with keys. */
  Setup withKeys() {
    return new Setup(kept, scaledDown, workers, shards, true);
  }
}
