package dev.kanal.worker.lane;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many tasks came through each channel. Usable from any thread. */
public final class Arrivals {
  private final Map<Channel, LongAdder> counts = new ConcurrentHashMap<>();

  void add(Channel channel, int tasks) {
    counts.computeIfAbsent(channel, _ -> new LongAdder()).add(tasks);
  }

  /** By the channel's name, {@code QUEUE.PRIORITY}. */
  public Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((channel, count) -> all.put(channel.toString(), count.sum()));
    return all;
  }
}
