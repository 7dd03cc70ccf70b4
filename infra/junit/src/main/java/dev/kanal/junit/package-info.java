/**
 * Handlers at work in JUnit tests: a scheduler, an embedded Kafka and workers in the test's JVM.
 *
 * <p>{@link dev.kanal.junit.KanalTest} on a test class is the entry point; tests then take a {@link
 * dev.kanal.junit.TestKanal} as a parameter. A handler alone is tested faster, without Kafka, by
 * {@code dev.kanal.worker.testing}.
 */
@NullMarked
package dev.kanal.junit;

import org.jspecify.annotations.NullMarked;
