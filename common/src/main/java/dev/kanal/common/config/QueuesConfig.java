package dev.kanal.common.config;

import java.util.List;

/**
 * Queues.
 *
 * @param autoCreate whether a job for an unknown queue creates it
 * @param partitions of each of a new queue's topics
 * @param capacity, in unfinished jobs, of a queue that does not set one
 * @param max queues that there may be
 * @param newPerMinute queues that one scheduler creates in a minute
 */
public record QueuesConfig(
    boolean autoCreate, int partitions, int capacity, int max, int newPerMinute) {
  private static final Setting<Boolean> AUTO_CREATE =
      Setting.bool(
          "queues.auto-create", true, "whether a job for a queue that does not exist makes it");
  private static final Setting<Integer> PARTITIONS =
      Setting.integer(
          "queues.partitions",
          4,
          new Setting.Bounds<>(1, 256),
          "partitions of each topic of a new queue");
  private static final Setting<Integer> CAPACITY =
      Setting.integer(
          "queues.capacity",
          10_000_000,
          new Setting.Bounds<>(1, 1_000_000_000),
          "unfinished jobs that a queue takes before it refuses more, unless it says otherwise");

  private static final Setting<Integer> MAX =
      Setting.integer(
          "queues.max",
          2_000,
          new Setting.Bounds<>(1, 10_000),
          "queues that there may be; one more is refused, whoever asks for it");
  private static final Setting<Integer> NEW_PER_MINUTE =
      Setting.integer(
          "queues.new-per-minute",
          600,
          new Setting.Bounds<>(1, 10_000),
          "queues that one scheduler makes in a minute; more are refused for a while");

  static final List<Setting<?>> SETTINGS =
      List.of(AUTO_CREATE, PARTITIONS, CAPACITY, MAX, NEW_PER_MINUTE);

  public QueuesConfig {
    PARTITIONS.check(partitions);
    CAPACITY.check(capacity);
    MAX.check(max);
    NEW_PER_MINUTE.check(newPerMinute);
  }

  public static QueuesConfig from(Settings settings) {
    return new QueuesConfig(
        settings.get(AUTO_CREATE),
        settings.get(PARTITIONS),
        settings.get(CAPACITY),
        settings.get(MAX),
        settings.get(NEW_PER_MINUTE));
  }
}
