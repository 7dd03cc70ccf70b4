package dev.kanal.embedded.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Allows the tests of a class, or one test method, to take an {@code EmbeddedKafka} as a parameter,
 * or a {@link TestKafka}, which may be another Kafka.
 *
 * <p>The Kafka starts when the first parameter asks for it. A shared one serves all test classes of
 * the run that ask for as many nodes, and is closed after the last; its tests keep apart by names
 * from {@code EmbeddedKafka.uniquePrefix()}, and neither kill nodes nor close it. One that is not
 * shared belongs to the annotated class or method and is closed after it. The data is in a
 * temporary directory that is deleted after the close.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(KafkaClusterExtension.class)
public @interface EmbeddedCluster {
  /** One node, or three with replicated topics. */
  int nodes() default 1;

  /** False for tests that kill nodes. */
  boolean shared() default true;
}
