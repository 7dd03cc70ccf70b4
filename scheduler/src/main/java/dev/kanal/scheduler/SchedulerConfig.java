package dev.kanal.scheduler;

import dev.kanal.common.config.ClientKind;
import dev.kanal.common.config.EngineConfig;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.QueuesConfig;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.UiConfig;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a scheduler node needs to know.
 *
 * @param kafka with brokers to begin with
 * @param directory for the node's files; one process at a time
 * @param clients settings passed through to Kafka clients, by kind
 */
public record SchedulerConfig(
    KafkaConfig kafka,
    HttpConfig http,
    UiConfig ui,
    LimitsConfig limits,
    EngineConfig engine,
    QueuesConfig queues,
    Path directory,
    Map<ClientKind, Map<String, String>> clients) {
  public SchedulerConfig {
    clients = Map.copyOf(clients);
  }

  /** The scheduler's part of {@code settings}. */
  public static SchedulerConfig from(Settings settings, KafkaConfig kafka, Path directory) {
    return new SchedulerConfig(
        kafka,
        HttpConfig.from(settings),
        UiConfig.from(settings),
        LimitsConfig.from(settings),
        EngineConfig.from(settings),
        QueuesConfig.from(settings),
        directory,
        Map.of(
            ClientKind.COMMON, settings.client(ClientKind.COMMON),
            ClientKind.PRODUCER, settings.client(ClientKind.PRODUCER),
            ClientKind.STREAMS, settings.client(ClientKind.STREAMS)));
  }

  Map<String, String> client(ClientKind kind) {
    return clients.getOrDefault(kind, Map.of());
  }
}
