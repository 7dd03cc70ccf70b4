package dev.kanal.common.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a process keeps its files.
 *
 * @param directory for everything; one process at a time
 * @param brokerPort of the built-in broker; 0 means the one of the last start if that is free
 */
public record DataConfig(Path directory, int brokerPort) {
  private static final Setting<Path> DATA =
      Setting.path("data", "data", "directory for all files of the process");
  private static final Setting<Integer> BROKER_PORT =
      Setting.integer(
          "broker.port",
          0,
          new Setting.Bounds<>(0, 65_535),
          "port of the built-in broker, on 127.0.0.1; 0: the one of the last start, or a free one");

  static final List<Setting<?>> SETTINGS = List.of(DATA, BROKER_PORT);

  public DataConfig {
    BROKER_PORT.check(brokerPort);
  }

  public static DataConfig from(Settings settings) {
    return new DataConfig(settings.get(DATA), settings.get(BROKER_PORT));
  }
}
