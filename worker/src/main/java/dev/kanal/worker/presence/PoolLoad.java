package dev.kanal.worker.presence;

import dev.kanal.worker.pool.Pool;
import java.util.Map;
import java.util.TreeMap;

/** The slots of a pool. */
public record PoolLoad(Pool pool) implements WorkerLoad {
  @Override
  public int total() {
    return pool.settings().total();
  }

  @Override
  public int size() {
    return pool.size();
  }

  @Override
  public int busy() {
    return pool.taken();
  }

  @Override
  public Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new TreeMap<>();
    pool.all().forEach((queue, slots) -> sizes.put(queue, slots.size()));
    return sizes;
  }
}
