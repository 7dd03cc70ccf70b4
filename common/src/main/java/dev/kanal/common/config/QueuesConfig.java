package dev.kanal.common.config;

import java.util.List;

/**
 * Queues.
 *
 * @param autoCreate whether a job for an unknown queue makes it
 * @param partitions of each of a new queue's topics
 */
public record QueuesConfig(boolean autoCreate, int partitions) {
  private static final Setting<Boolean> AUTO_CREATE =
      Setting.bool(
          "queues.auto-create", true, "whether a job for a queue that does not exist makes it");
  private static final Setting<Integer> PARTITIONS =
      Setting.integer(
          "queues.partitions",
          4,
          new Setting.Bounds<>(1, 256),
          "partitions of each topic of a new queue");

  static final List<Setting<?>> SETTINGS = List.of(AUTO_CREATE, PARTITIONS);

  public QueuesConfig {
    PARTITIONS.check(partitions);
  }

  public static QueuesConfig from(Settings settings) {
    return new QueuesConfig(settings.get(AUTO_CREATE), settings.get(PARTITIONS));
  }
}
