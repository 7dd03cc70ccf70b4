package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The queues' topics, read by one share group: each record goes to one worker until it is done. */
final class ModelChannels {
  private final Map<Channel, String> topics = new HashMap<>();
  private final Set<Channel> broken = new HashSet<>();
  private final List<Item> items = new ArrayList<>();
  private long made;

  /** Makes the channel's topic if it is not there; returns its id. */
  String open(Channel channel) {
    broken.remove(channel);
    return topics.computeIfAbsent(channel, _ -> "topic-" + ++made);
  }

  /** The channel's topic is gone, and its records with it. */
  void drop(Channel channel) {
    topics.remove(channel);
    items.removeIf(item -> item.channel.equals(channel));
  }

  /** The node finds that it cannot send to the channel, though it may only seem so. */
  void breakChannel(Channel channel) {
    broken.add(channel);
  }

  /** Returns whether the task arrived. */
  boolean send(Channel channel, Task task) {
    if (broken.contains(channel) || !topics.containsKey(channel)) {
      broken.add(channel);
      return false;
    }
    items.add(new Item(channel, task));
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

  /** Everything of the channel that was sent before this time has been settled. */
  long drainedBefore(Channel channel, long nowMs) {
    long before = nowMs;
    for (Item item : items) {
      if (item.channel.equals(channel)) {
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
    final Channel channel;
    final Task task;
    int deliveries;
    private boolean taken;

    Item(Channel channel, Task task) {
      this.channel = channel;
      this.task = task;
    }

    /** The worker gives it back, or is gone. */
    void release() {
      taken = false;
    }
  }
}
