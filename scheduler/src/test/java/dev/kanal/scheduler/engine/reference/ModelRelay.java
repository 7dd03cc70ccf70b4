package dev.kanal.scheduler.engine.reference;

import static dev.kanal.scheduler.engine.row.Tables.OUTBOX;

import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What stands between two shards, with the faults that the real relay can have: an entry is lost
 * while those behind it arrive, or arrives though it seemed lost, or comes again after a crash.
 */
final class ModelRelay {
  private final int from;
  private final Target target;
  private final Map<Integer, List<Item>> lines = new TreeMap<>();
  private final List<Item> zombies = new ArrayList<>();

  ModelRelay(int from, Target target) {
    this.from = from;
    this.target = target;
  }

  void send(int to, long sequence, LogEntry entry) {
    lines.computeIfAbsent(to, _ -> new ArrayList<>()).add(new Item(to, sequence, entry));
  }

  /** The node is gone; what it had sent may still arrive. */
  void crash(ModelStore store) {
    lines.values().forEach(zombies::addAll);
    lines.clear();
    store.scan(
        OUTBOX,
        (to, entry) -> {
          send(to.shard(), to.number(), entry);
          return true;
        });
  }

  void pump(RandomGenerator random, boolean faults) {
    if (faults && !zombies.isEmpty() && random.nextInt(3) == 0) {
      deliver(zombies.remove(random.nextInt(zombies.size())));
    }
    lines.values().forEach(line -> pump(line, random, faults));
  }

  boolean isEmpty() {
    return lines.values().stream().allMatch(List::isEmpty);
  }

  private void pump(List<Item> line, RandomGenerator random, boolean faults) {
    if (line.isEmpty()) {
      return;
    }
    int arrived = faults ? random.nextInt(line.size() + 1) : line.size();
    line.subList(0, arrived).forEach(this::deliver);
    if (arrived < line.size() && random.nextBoolean()) {
      line.subList(arrived + 1, line.size()).forEach(this::deliver);
    }
    int known = faults && random.nextInt(4) == 0 ? random.nextInt(arrived + 1) : arrived;
    if (known > 0) {
      Item last = line.get(known - 1);
      line.subList(0, known).clear();
      target.append(from, new RelayDone(last.to, last.sequence));
    }
  }

  private void deliver(Item item) {
    target.append(item.to, new Relayed(from, item.sequence, item.entry));
  }

  /** Takes entries for shards' logs. */
  interface Target {
    void append(int shard, LogEntry entry);
  }

  private record Item(int to, long sequence, LogEntry entry) {}
}
