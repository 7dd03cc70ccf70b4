package dev.kanal.check.history;

import java.util.Map;
import java.util.Set;

/**
 * What the queues of the run were set to.
 *
 * @param paused queues that start nothing until {@code resumed}
 * @param resumed in microseconds: before the call that resumed them
 */
public record Limits(
    Map<String, Integer> concurrency, Map<String, Rate> rates, Set<String> paused, long resumed) {
  public Limits {
    concurrency = Map.copyOf(concurrency);
    rates = Map.copyOf(rates);
    paused = Set.copyOf(paused);
  }

  /** A token bucket; {@code per} in microseconds. */
  public record Rate(int permits, long per) {}

  public static final Limits NONE = new Limits(Map.of(), Map.of(), Set.of(), 0);
}
