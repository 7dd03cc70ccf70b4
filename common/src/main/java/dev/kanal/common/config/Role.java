package dev.kanal.common.config;

import java.util.EnumSet;
import java.util.Set;

/** What a process is, and so which concerns' settings it takes. */
public enum Role {
  /** Everything in one process, with a broker of its own unless others are named. */
  STANDALONE(EnumSet.allOf(Concern.class)),
  SCHEDULER(
      EnumSet.of(
          Concern.DATA,
          Concern.HTTP,
          Concern.UI,
          Concern.LIMITS,
          Concern.KAFKA,
          Concern.ENGINE,
          Concern.QUEUES,
          Concern.LOG)),
  WORKER(
      EnumSet.of(
          Concern.LIMITS,
          Concern.KAFKA,
          Concern.WORKER,
          Concern.HANDLERS,
          Concern.HTTP_HANDLER,
          Concern.LOG,
          Concern.TELEMETRY));

  private final Set<Concern> concerns;

  Role(Set<Concern> concerns) {
    this.concerns = concerns;
  }

  boolean takes(Concern concern) {
    return concerns.contains(concern);
  }

  /** Whether Kafka must be named because the process has none of its own. */
  boolean needsKafka() {
    return this != STANDALONE;
  }
}
