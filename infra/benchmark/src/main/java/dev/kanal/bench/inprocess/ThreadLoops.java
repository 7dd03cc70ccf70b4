package dev.kanal.bench.inprocess;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** For JMH: a virtual thread starts others, and waits for each. */
public class ThreadLoops {
  private static final int THREADS = 10_000;

  @Benchmark
  @OperationsPerInvocation(THREADS)
  public void startAndJoin() throws InterruptedException {
    Thread.startVirtualThread(ThreadLoops::startAll).join();
  }

  private static void startAll() {
    try {
      for (int i = 0; i < THREADS; i++) {
        Thread.startVirtualThread(() -> {}).join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
