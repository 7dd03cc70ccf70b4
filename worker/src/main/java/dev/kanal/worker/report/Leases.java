package dev.kanal.worker.report;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.Lease;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The leases that a worker holds, by shard. Usable from any thread. */
final class Leases {
  private final Map<Integer, Set<Lease>> shards = new ConcurrentHashMap<>();

  void add(JobId job, int dispatch) {
    shards
        .computeIfAbsent(job.shard(), _ -> ConcurrentHashMap.newKeySet())
        .add(new Lease(job, dispatch));
  }

  void remove(JobId job, int dispatch) {
    Set<Lease> leases = shards.get(job.shard());
    if (leases != null) {
      leases.remove(new Lease(job, dispatch));
    }
  }

  boolean contains(JobId job, int dispatch) {
    return of(job.shard()).contains(new Lease(job, dispatch));
  }

  /** The shards with leases. */
  List<Integer> shards() {
    return shards.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  int count() {
    return shards.values().stream().mapToInt(Set::size).sum();
  }

  /** The leases of one shard. */
  List<Lease> list(int shard) {
    return List.copyOf(of(shard));
  }

  private Set<Lease> of(int shard) {
    return shards.getOrDefault(shard, Set.of());
  }
}
