/**
 * An embedded Kafka for JUnit tests.
 *
 * <p>{@link dev.kanal.embedded.junit.EmbeddedCluster} on a test class or method is the entry point;
 * tests then take an {@link dev.kanal.embedded.EmbeddedKafka} as a parameter. Test classes may run
 * on several threads. Only test code may depend on this package, and it brings its own JUnit.
 */
@NullMarked
package dev.kanal.embedded.junit;

import org.jspecify.annotations.NullMarked;
