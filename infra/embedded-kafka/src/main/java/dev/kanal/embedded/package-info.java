/**
 * Kafka inside this JVM: broker and controller in one, for a machine without Kafka and for tests.
 *
 * <p>{@link dev.kanal.embedded.EmbeddedKafka} is the entry point; its methods may be called from
 * any thread and block until done. The broker's own classes are imported here and nowhere else, so
 * that only programs that embed a broker carry its jars.
 *
 * <p>Logging goes to SLF4J and no backend comes along. The broker logs a lot at INFO: a quiet
 * program puts the loggers {@code kafka}, {@code org.apache.kafka} and {@code state.change.logger}
 * at WARN. Faults that end a broker are logged once, by {@code dev.kanal.embedded}.
 */
@NullMarked
package dev.kanal.embedded;

import org.jspecify.annotations.NullMarked;
