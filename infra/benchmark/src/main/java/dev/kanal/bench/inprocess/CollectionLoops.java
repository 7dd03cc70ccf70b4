package dev.kanal.bench.inprocess;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** For JMH: four threads at one map or stack. */
@State(Scope.Benchmark)
@Threads(4)
public class CollectionLoops {
  private static final int GET_PERCENT = 90;
  private static final int KEYS = 1_024;

  private final Map<Integer, Integer> locked = Collections.synchronizedMap(filled());
  private final Map<Integer, Integer> sharded = new ConcurrentHashMap<>(filled());
  private final TreiberStack<Integer> free = new TreiberStack<>();
  private final ArrayDeque<Integer> deque = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();

  @Benchmark
  public @Nullable Integer mapLocked() {
    return use(locked);
  }

  @Benchmark
  public @Nullable Integer mapSharded() {
    return use(sharded);
  }

  @Benchmark
  public @Nullable Integer stackLocked() {
    lock.lock();
    try {
      deque.push(1);
    } finally {
      lock.unlock();
    }
    lock.lock();
    try {
      return deque.poll();
    } finally {
      lock.unlock();
    }
  }

  @Benchmark
  public @Nullable Integer stackFree() {
    free.push(1);
    return free.pop();
  }

  private static @Nullable Integer use(Map<Integer, Integer> map) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Integer key = random.nextInt(KEYS);
    return random.nextInt(100) < GET_PERCENT ? map.get(key) : map.put(key, key);
  }

  private static Map<Integer, Integer> filled() {
    Map<Integer, Integer> map = new HashMap<>();
    for (int key = 0; key < KEYS; key++) {
      map.put(key, key);
    }
    return map;
  }
}
