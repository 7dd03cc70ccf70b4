/**
 * Runs handlers in a test: in process, by a clock that the test moves, without Kafka.
 *
 * <p>{@link dev.kanal.worker.testing.HandlerTester} is the entry point. The handler runs on a
 * virtual thread through the very code that runs it in a worker. Nothing else depends on this
 * package, and it needs no test library.
 */
@NullMarked
package dev.kanal.worker.testing;

import org.jspecify.annotations.NullMarked;
