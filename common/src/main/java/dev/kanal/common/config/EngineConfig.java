package dev.kanal.common.config;

import java.time.Duration;
import java.util.List;

/**
 * The engine of a scheduler.
 *
 * @param shards of the installation, fixed when it is first set up
 * @param threads of this node
 * @param standbys copies of each shard on other nodes
 * @param commitInterval how much is decided again after a crash
 * @param cacheBytes rows of this node that are not yet on disk
 */
public record EngineConfig(
    int shards, int threads, int standbys, Duration commitInterval, long cacheBytes) {
  private static final Setting<Integer> SHARDS =
      Setting.integer(
          "engine.shards",
          16,
          new Setting.Bounds<>(1, 4096),
          "shards of the installation; fixed when it is first set up");
  private static final Setting<Integer> THREADS =
      Setting.integer(
          "engine.threads", 2, new Setting.Bounds<>(1, 64), "threads that shards are spread over");
  private static final Setting<Integer> STANDBYS =
      Setting.integer(
          "engine.standbys",
          1,
          new Setting.Bounds<>(0, 2),
          "copies of each shard on other schedulers, for a short hand-over");
  private static final Setting<Duration> COMMIT_INTERVAL =
      Setting.duration(
          "engine.commit-interval",
          "1s",
          new Setting.Bounds<>(Duration.ofMillis(10), Duration.ofSeconds(10)),
          "how much is decided again after a crash; shorter costs throughput");
  private static final Setting<Long> CACHE =
      Setting.size(
          "engine.cache",
          "64MiB",
          new Setting.Bounds<>(1L << 20, 16L << 30),
          "memory for rows that are not yet on disk");

  static final List<Setting<?>> SETTINGS =
      List.of(SHARDS, THREADS, STANDBYS, COMMIT_INTERVAL, CACHE);

  public EngineConfig {
    SHARDS.check(shards);
    THREADS.check(threads);
    STANDBYS.check(standbys);
    COMMIT_INTERVAL.check(commitInterval);
    CACHE.check(cacheBytes);
  }

  public static EngineConfig from(Settings settings) {
    return new EngineConfig(
        settings.get(SHARDS),
        settings.get(THREADS),
        settings.get(STANDBYS),
        settings.get(COMMIT_INTERVAL),
        settings.get(CACHE));
  }
}
