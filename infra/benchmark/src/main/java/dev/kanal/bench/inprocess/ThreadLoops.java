package dev.kanal.bench.inprocess;

import org.openjdk.jmh.annotations.Benchmark;

/** For JMH. */
public class ThreadLoops {
  @Benchmark
  public void startAndJoin() throws InterruptedException {
    Thread.startVirtualThread(() -> {}).join();
  }
}
