package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The queues' topics, read by one share group: each record goes to one worker until it is done. */
final class ModelChannel {
  private final Map<Lane, String> topics = new HashMap<>();
  private final Set<Lane> broken = new HashSet<>();
  private final List<Item> items = new ArrayList<>();
  private long made;

  /** Makes the lane's topic if it is not there; returns its id. */
  String open(Lane lane) {
    broken.remove(lane);
    return topics.computeIfAbsent(lane, _ -> "topic-" + ++made);
  }

  /** The lane's topic is gone, and its records with it. */
  void drop(Lane lane) {
    topics.remove(lane);
    items.removeIf(item -> item.lane.equals(lane));
  }

  /** The node finds that it cannot send to the lane, though it may only seem so. */
  void breakLane(Lane lane) {
    broken.add(lane);
  }

  /** Returns whether the task arrived. */
  boolean send(Lane lane, Task task) {
    if (broken.contains(lane) || !topics.containsKey(lane)) {
      broken.add(lane);
      return false;
    }
    items.add(new Item(lane, task));
    return true;
  }

  /** Any record that no worker has, of those sent first. */
  @Nullable Item take(RandomGenerator random) {
    List<Item> free = items.stream().filter(item -> !item.taken).limit(8).toList();
    if (free.isEmpty()) {
      return null;
    }
    Item item = free.get(random.nextInt(free.size()));
    item.taken = true;
    item.deliveries++;
    return item;
  }

  void settle(Item item) {
    items.remove(item);
  }

  /** Everything of the lane that was sent before this time has been settled. */
  long drainedBefore(Lane lane, long nowMs) {
    long before = nowMs;
    for (Item item : items) {
      if (item.lane.equals(lane)) {
        before = Math.min(before, item.task.enqueuedAt().toEpochMilli());
      }
    }
    return before;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** A record; identity counts: a crash may send the same task twice. */
  static final class Item {
    final Lane lane;
    final Task task;
    int deliveries;
    private boolean taken;

    Item(Lane lane, Task task) {
      this.lane = lane;
      this.task = task;
    }

    /** The worker gives it back, or is gone. */
    void release() {
      taken = false;
    }
  }
}
