package dev.kanal.common.config;

import java.util.Arrays;
import java.util.List;

/** What settings are about, in the order of the documentation. */
public enum Concern {
  DATA("Data", DataConfig.SETTINGS),
  HTTP("HTTP", HttpConfig.SETTINGS),
  LIMITS("Limits", LimitsConfig.SETTINGS),
  KAFKA("Kafka", KafkaConfig.SETTINGS),
  ENGINE("Engine", EngineConfig.SETTINGS),
  QUEUES("Queues", QueuesConfig.SETTINGS),
  WORKER("Worker", WorkerConfig.SETTINGS);

  private final String title;
  private final List<Setting<?>> settings;

  Concern(String title, List<Setting<?>> settings) {
    this.title = title;
    this.settings = settings;
  }

  /** Every setting of every concern. */
  public static List<Setting<?>> all() {
    return Arrays.stream(values()).<Setting<?>>flatMap(each -> each.settings.stream()).toList();
  }

  String title() {
    return title;
  }

  List<Setting<?>> settings() {
    return settings;
  }
}
