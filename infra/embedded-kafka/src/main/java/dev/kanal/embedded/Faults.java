package dev.kanal.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fatal faults of one embedded Kafka: the first is kept and logged, later ones follow from it.
 */
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

  private final CompletableFuture<KafkaFault> first = new CompletableFuture<>();
  private final UnaryOperator<String> explain;
  private volatile boolean closing;

  /**
   * @param explain adds to what Kafka says of a fault
   */
  Faults(UnaryOperator<String> explain) {
    this.explain = explain;
  }

  CompletableFuture<KafkaFault> first() {
    return first;
  }

  /** From now on faults are those of a broker that is being stopped. */
  void ignoreFromNowOn() {
    closing = true;
  }

  void report(KafkaFault fault) {
    if (closing) {
      LOG.debug("Node {} failed while stopping: {}", fault.node(), fault.message(), fault.cause());
      return;
    }
    KafkaFault explained =
        new KafkaFault(fault.node(), explain.apply(fault.message()), fault.cause());
    if (first.complete(explained)) {
      LOG.error(
          "Kafka node {} failed: {}", explained.node(), explained.message(), explained.cause());
    }
  }

  /** What Kafka asks for a handler of one kind of fault of one node. */
  FaultHandler handler(int node, String name, boolean fatal, Runnable action) {
    if (!fatal) {
      return new LoggingFaultHandler(name, action);
    }
    return new FaultHandler() {
      @Override
      public RuntimeException handleFault(String message, @Nullable Throwable cause) {
        report(new KafkaFault(node, name + ": " + message, cause));
        action.run();
        return new KafkaStoppedException(name + ": " + message, cause);
      }
    };
  }
}
