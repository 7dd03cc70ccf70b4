package dev.kanal.bench.inprocess;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** For JMH: four threads at one lock or counter. */
@State(Scope.Benchmark)
@Threads(4)
public class LockLoops {
  private static final int READ_PERCENT = 95;

  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantReadWriteLock readWriteLock = new ReentrantReadWriteLock();
  private final AtomicLong atomic = new AtomicLong();
  private final LongAdder adder = new LongAdder();
  private long value;

  @Benchmark
  public void mutex() {
    lock.lock();
    try {
      value++;
    } finally {
      lock.unlock();
    }
  }

  @Benchmark
  public long readWrite() {
    return ThreadLocalRandom.current().nextInt(100) < READ_PERCENT ? read() : write();
  }

  @Benchmark
  public void counterAtomic() {
    atomic.incrementAndGet();
  }

  @Benchmark
  public void counterSharded() {
    adder.increment();
  }

  private long read() {
    readWriteLock.readLock().lock();
    try {
      return value;
    } finally {
      readWriteLock.readLock().unlock();
    }
  }

  private long write() {
    readWriteLock.writeLock().lock();
    try {
      return value++;
    } finally {
      readWriteLock.writeLock().unlock();
    }
  }
}
