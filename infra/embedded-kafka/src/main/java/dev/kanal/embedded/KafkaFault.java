package dev.kanal.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A fault after which a broker cannot go on; a broker in a process of its own would have ended that
 * process.
 *
 * @param node the node it happened on, or -1 when Kafka did not say
 * @param message what Kafka said
 * @param cause null when Kafka gave none
 */
public record KafkaFault(int node, String message, @Nullable Throwable cause) {}
