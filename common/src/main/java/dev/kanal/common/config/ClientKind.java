package dev.kanal.common.config;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of Kafka clients that settings can be passed through to, as {@code kafka.<kind>.<name
 * of Kafka's setting>}; those on which guarantees rest are refused.
 */
public enum ClientKind {
  /** Every client; security, for instance. What any kind refuses is refused here. */
  COMMON(Set.of()),
  PRODUCER(
      Set.of(
          "acks", "enable.idempotence", "transactional.id", "key.serializer", "value.serializer")),
  CONSUMER(
      Set.of(
          "auto.offset.reset",
          "enable.auto.commit",
          "group.id",
          "group.instance.id",
          "isolation.level",
          "key.deserializer",
          "max.poll.records",
          "share.acknowledgement.mode",
          "share.acquire.mode",
          "value.deserializer")),
  STREAMS(
      Set.of(
          "application.id",
          "application.server",
          "group.instance.id",
          "group.protocol",
          "processing.guarantee",
          "rocksdb.config.setter",
          "state.dir",
          "topic.cleanup.policy",
          "topic.max.message.bytes")),
  ADMIN(Set.of());

  private static final String BOOTSTRAP = "bootstrap.servers";

  /** Kafka's settings for which Kanal has one of its own. */
  private static final Map<String, String> OURS =
      Map.of(
          BOOTSTRAP,
          "kafka.bootstrap",
          "num.stream.threads",
          "engine.threads",
          "num.standby.replicas",
          "engine.standbys",
          "commit.interval.ms",
          "engine.commit-interval",
          "statestore.cache.max.bytes",
          "engine.cache");

  /** The prefixes of settings that Kafka Streams passes on to its own clients. */
  private static final List<String> STREAMS_CONSUMERS =
      List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.");

  private final Set<String> fixed;

  ClientKind(Set<String> fixed) {
    this.fixed = fixed;
  }

  /** The prefix of keys of this kind. */
  public String prefix() {
    return "kafka." + name().toLowerCase(Locale.ROOT) + ".";
  }

  /** Why the setting cannot be passed through; empty if it can. */
  Optional<String> refusal(String name) {
    String ours = OURS.get(name);
    if (ours != null) {
      return Optional.of("cannot be set here; set " + ours);
    }
    return isFixed(name)
        ? Optional.of("cannot be set, because Kanal's guarantees rest on it")
        : Optional.empty();
  }

  private boolean isFixed(String name) {
    return switch (this) {
      case COMMON -> fixedAnywhere().contains(name);
      case STREAMS -> fixed.contains(name) || isFixedInside(name);
      case PRODUCER, CONSUMER, ADMIN -> fixed.contains(name);
    };
  }

  private static boolean isFixedInside(String name) {
    if (name.startsWith("producer.")) {
      return PRODUCER.isInner(name.substring("producer.".length()));
    }
    return STREAMS_CONSUMERS.stream()
        .anyMatch(
            prefix -> name.startsWith(prefix) && CONSUMER.isInner(name.substring(prefix.length())));
  }

  private boolean isInner(String name) {
    return fixed.contains(name) || name.equals(BOOTSTRAP);
  }

  private static Set<String> fixedAnywhere() {
    Set<String> all = new HashSet<>();
    Arrays.stream(values()).forEach(kind -> all.addAll(kind.fixed));
    return all;
  }
}
