package dev.kanal.bench.endtoend;

import dev.kanal.bench.run.Measures;

/** How the jobs of a contender go the whole way. */
interface Way {
  /**
   * Submits jobs in bulk; returns when they are accepted.
   *
   * @return how many; at least {@code count}
   * @throws Exception whatever went wrong
   */
  long submit(int count) throws Exception;

  /**
   * Waits until {@code count} of all submitted jobs have an end that can be read.
   *
   * @throws Exception whatever went wrong, or if it takes too long
   */
  void awaitEnd(long count) throws Exception;

  /** The processor time that the contender has used so far, in seconds. */
  double cpuSeconds();

  /** The processor time that this JVM has used so far, in seconds. */
  static double ownCpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(used -> used.toMillis() / 1e3)
        .orElse(0.0);
  }

  /** Measures the second of two lots of jobs; the first one warms up. */
  static Measures measure(Way way, int warmUp, int jobs) throws Exception {
    long before = way.submit(warmUp);
    way.awaitEnd(before);
    double cpuBefore = way.cpuSeconds();
    long begun = System.nanoTime();
    long sent = way.submit(jobs);
    double submitSeconds = (System.nanoTime() - begun) / 1e9;
    way.awaitEnd(before + sent);
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Measures()
        .put(EndToEnd.RATE, sent / seconds)
        .put(EndToEnd.SUBMIT, sent / submitSeconds)
        .put(EndToEnd.CPU, (way.cpuSeconds() - cpuBefore) * 1e6 / sent);
  }
}
