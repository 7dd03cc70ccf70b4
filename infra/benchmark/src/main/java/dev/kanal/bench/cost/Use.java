package dev.kanal.bench.cost;

import dev.kanal.bench.kanal.BrokerCounts;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.kanal.ThreadUse;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a process has used since it started, or between two looks.
 *
 * @param switches of all threads, between processors and waiting
 * @param cpuSeconds by group
 */
record Use(
    double records,
    double bytes,
    double requests,
    double switches,
    Map<ThreadGroups, Double> cpuSeconds) {
  static Use of(Server server) throws IOException, InterruptedException {
    BrokerCounts broker = server.broker();
    Map<ThreadGroups, Double> cpu = new EnumMap<>(ThreadGroups.class);
    long switches = 0;
    for (ThreadUse thread : server.threads()) {
      cpu.merge(ThreadGroups.of(thread.name()), thread.cpuSeconds(), Double::sum);
      switches += thread.switches();
    }
    long requests = broker.requests().values().stream().mapToLong(Long::longValue).sum();
    return new Use(broker.records(), broker.bytes(), requests, switches, cpu);
  }

  /** What was used since then. A thread that has ended meanwhile took its share with it. */
  Use since(Use before) {
    Map<ThreadGroups, Double> cpu = new EnumMap<>(ThreadGroups.class);
    for (ThreadGroups group : ThreadGroups.values()) {
      double then = before.cpuSeconds.getOrDefault(group, 0.0);
      cpu.put(group, Math.max(0, cpuSeconds.getOrDefault(group, 0.0) - then));
    }
    return new Use(
        records - before.records,
        bytes - before.bytes,
        requests - before.requests,
        Math.max(0, switches - before.switches),
        cpu);
  }

  /** Without the compilers, whose work is over some day. */
  double cpuOfAll() {
    return cpuSeconds.entrySet().stream()
        .filter(each -> each.getKey() != ThreadGroups.COMPILERS)
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
