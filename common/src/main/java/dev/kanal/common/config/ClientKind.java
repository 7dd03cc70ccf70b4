package dev.kanal.common.config;

import java.util.Locale;
import java.util.Set;

/**
 * The kinds of Kafka clients that settings can be passed through to, as {@code kafka.<kind>.<name
 * of Kafka's setting>}; those on which guarantees rest are refused.
 */
public enum ClientKind {
  /** Every client; security, for instance. */
  COMMON(Set.of("bootstrap.servers")),
  PRODUCER(
      Set.of(
          "bootstrap.servers",
          "acks",
          "enable.idempotence",
          "transactional.id",
          "key.serializer",
          "value.serializer")),
  CONSUMER(
      Set.of(
          "bootstrap.servers",
          "group.id",
          "enable.auto.commit",
          "isolation.level",
          "max.poll.records",
          "share.acknowledgement.mode",
          "share.acquire.mode",
          "key.deserializer",
          "value.deserializer")),
  STREAMS(
      Set.of(
          "bootstrap.servers",
          "application.id",
          "application.server",
          "processing.guarantee",
          "group.instance.id",
          "state.dir"));

  private final Set<String> fixed;

  ClientKind(Set<String> fixed) {
    this.fixed = fixed;
  }

  /** What keys of this kind begin with. */
  public String prefix() {
    return "kafka." + name().toLowerCase(Locale.ROOT) + ".";
  }

  boolean isFixed(String name) {
    return fixed.contains(name);
  }
}
