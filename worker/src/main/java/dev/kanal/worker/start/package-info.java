/**
 * What a worker checks before it begins: that Kafka answers, and that there is a log.
 *
 * <p>{@link dev.kanal.worker.start.KafkaStart} waits for Kafka for a bounded time in the thread
 * that starts the worker. Only the worker and its builder use this package.
 */
@NullMarked
package dev.kanal.worker.start;

import org.jspecify.annotations.NullMarked;
