package dev.kanal.bench.inprocess;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The heap that a waiting virtual thread takes, its stack included. */
final class ParkedThreads {
  private static final int COUNT = 100_000;
  private static final int COLLECTIONS = 3;

  private ParkedThreads() {}

  static double bytesEach() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(COUNT);
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>(COUNT);
    long before = used();
    for (int i = 0; i < COUNT; i++) {
      threads.add(Thread.startVirtualThread(() -> park(reached, end)));
    }
    reached.await();
    double bytes = (used() - before) / (double) COUNT;
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    return bytes;
  }

  private static void park(CountDownLatch reached, CountDownLatch end) {
    reached.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** After a collection of garbage. */
  private static long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
