package dev.kanal.common.config;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What settings are about, in the order of the documentation. */
public enum Concern {
  DATA("Data", DataConfig.SETTINGS, DataConfig::from),
  HTTP("HTTP", HttpConfig.SETTINGS, HttpConfig::from),
  UI("Dashboard", UiConfig.SETTINGS, UiConfig::from),
  LIMITS("Limits", LimitsConfig.SETTINGS, LimitsConfig::from),
  KAFKA("Kafka", KafkaConfig.SETTINGS, KafkaConfig::from),
  ENGINE("Engine", EngineConfig.SETTINGS, EngineConfig::from),
  QUEUES("Queues", QueuesConfig.SETTINGS, QueuesConfig::from),
  WORKER("Worker", WorkerConfig.SETTINGS, WorkerConfig::from),
  HANDLERS("Handlers", HandlersConfig.SETTINGS, HandlersConfig::from),
  HTTP_HANDLER("Handler http", HttpHandlerConfig.SETTINGS, HttpHandlerConfig::from),
  LOG("Log", LogConfig.SETTINGS, LogConfig::from),
  TELEMETRY("Telemetry", TelemetryConfig.SETTINGS, TelemetryConfig::from);

  private final String title;
  private final List<Setting<?>> settings;
  private final Function<Settings, ? extends Record> config;

  Concern(String title, List<Setting<?>> settings, Function<Settings, ? extends Record> config) {
    this.title = title;
    this.settings = settings;
    this.config = config;
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

  /**
   * The concern's record.
   *
   * @throws RelationException if values do not go together
   */
  Record config(Settings all) {
    return config.apply(all);
  }
}
