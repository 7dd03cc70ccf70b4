/**
 * What the public lifecycle records show about the jobs of a run.
 *
 * <p>{@link dev.kanal.check.lifecycle.LifecycleTopic} notes where the topic ends before the run and
 * reads from there after it; {@link dev.kanal.check.lifecycle.LifecycleTally} judges the events and
 * does no input or output. Both belong to one thread at a time. Uses Kafka's consumer, the server
 * and the promises.
 */
@NullMarked
package dev.kanal.check.lifecycle;

import org.jspecify.annotations.NullMarked;
