package dev.kanal.worker.pool;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;

/**
 * The load of the machine.
 *
 * @param startDelay the mean time between a task's start and its first instruction
 * @param heap the part of the heap in use after its last collection, from 0 to 1
 */
public record Machine(Duration startDelay, double heap) {
  /** As it is now. */
  public static Machine now(Duration startDelay) {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage after = pool.getCollectionUsage();
      if (pool.getType() == MemoryType.HEAP && after != null) {
        used += after.getUsed();
      }
    }
    return new Machine(startDelay, used / (double) Runtime.getRuntime().maxMemory());
  }
}
