package dev.kanal.junit;

import dev.kanal.embedded.junit.EmbeddedCluster;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Allows the tests of a class to take a {@link TestKanal} as a parameter, of the constructor or of
 * a method.
 *
 * <p>One Kafka serves all test classes of the run; it starts when the first parameter asks for it
 * and is closed after the last class. It is a broker in this JVM, or with {@code
 * -Dkanal.test.kafka=container} (or {@code auto}) Kafka's own image in a container, which needs
 * {@code org.testcontainers:testcontainers-kafka} and a Docker engine. Each class has a scheduler
 * and topics of its own, so that classes see nothing of each other. The tests of a class share
 * these: after each test all workers are closed, those started before the first test too, but a job
 * that a test leaves open may be run by a worker of the next.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@EmbeddedCluster
@ExtendWith(KanalExtension.class)
public @interface KanalTest {}
